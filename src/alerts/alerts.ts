/** Alerts: requested or raised by the service itself, recorded once, and mailed at most once. */
import { type Clock, monotonicClock } from '../concurrency/clock.ts'
import type { Config } from '../settings/config.ts'
import type { RecipientRule } from '../settings/mail-settings.ts'
import { StoredWaits } from '../storage/stored-waits.ts'
import { AlertHistory, type PastAlert } from './alert-history.ts'
import { type AlertAnswer, type AlertRequest, AlertRequests } from './alert-requests.ts'
import { AutomaticAlerts } from './automatic-alerts.ts'
import { SmtpMailer } from './mailer.ts'
import { Outbox } from './outbox.ts'
import type { AlertContext } from './ports.ts'

export interface AlertsOptions extends Omit<AlertContext, 'time'> {
  /** Whom a request may name that is not an admin's. */
  recipients: RecipientRule
  /** Epoch milliseconds. */
  clock: () => number
  monotonic?: Clock
}

/** The alerts that the settings ask for. To be started. */
export function createAlerts(
  config: Pick<Config, 'alertRecipients' | 'smtp' | 'mailFrom' | 'mongo'>,
  instance: string,
  parts: Pick<AlertsOptions, 'documents' | 'figures' | 'catalogue' | 'clock'>,
): Alerts {
  return new Alerts({
    ...parts,
    mailer: config.smtp && new SmtpMailer(config.smtp, config.mailFrom),
    recipients: config.alertRecipients,
    process: { instance, isAlone: config.mongo === null },
    log: error => process.emitWarning(error instanceof Error ? error : String(error)),
  })
}

export class Alerts {
  readonly #figures: AlertContext['figures']
  readonly #catalogue: AlertContext['catalogue']
  readonly #history: AlertHistory
  readonly #outbox: Outbox
  readonly #requests: AlertRequests
  readonly #automatic: AutomaticAlerts

  constructor({ recipients, clock, monotonic = monotonicClock, ...parts }: AlertsOptions) {
    const waits = new StoredWaits(clock, () => monotonic.now())
    const context: AlertContext = { ...parts, time: { clock, monotonic, waits } }
    this.#figures = parts.figures
    this.#catalogue = parts.catalogue
    this.#history = new AlertHistory(context)
    this.#outbox = new Outbox(context)
    this.#requests = new AlertRequests(context, this.#history, this.#outbox, recipients)
    this.#automatic = new AutomaticAlerts(context, this.#history, this.#outbox)
  }

  /** Begins automatic evaluation, and to send what an earlier run left unsent. Never rejects. */
  async start(): Promise<void> {
    this.#automatic.start()
    await this.#outbox.start()
  }

  /** To be called when events were counted. */
  onEventsCounted(): void {
    this.#automatic.onEventsCounted()
  }

  /** Waits a few seconds at most for what is under way. To be called before the store is closed. */
  async close(): Promise<void> {
    await Promise.all([this.#automatic.stop(), this.#outbox.close()])
  }

  /**
   * Compares an artist's counts with thresholds and, where one is reached, records an alert and sends its mail; waits at
   * most 10 seconds for the mail.
   * @throws ServiceError 400 `email_invalid`, 403 `recipient_not_allowed`
   * @throws CatalogueUnavailable where whether the address is allowed depends on the catalogue, which does not answer
   * @throws ServiceError 503 where too many alerts wait for their mail: nothing is recorded then
   * @throws StoreUnavailable
   */
  request(request: AlertRequest): Promise<AlertAnswer> {
    return this.#requests.answer(request)
  }

  /** Evaluates all artists now, as happens by itself once started. Returns how many alerts were recorded. @throws StoreUnavailable */
  evaluate(): Promise<number> {
    return this.#automatic.evaluate()
  }

  /** Newest first, of all artists, or of the one that an id or a name means. @throws ServiceError 400 `cursor_invalid` @throws StoreUnavailable */
  async history(page: { artistId?: string; limit: number; cursor?: string }): Promise<{
    items: PastAlert[]
    nextCursor: string | null
  }> {
    const { artistId, limit, cursor } = page
    if (artistId === undefined) return this.#history.page({ limit, cursor })
    this.#catalogue?.onArtistRequested(artistId)
    const { keys } = await this.#figures.artistOf(artistId)
    return this.#history.page({ keys, limit, cursor })
  }

  /** For health and metrics: the mail server, mails that wait, and numbers since the start. */
  state() {
    return this.#outbox.state()
  }
}
