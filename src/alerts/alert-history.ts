/** All alerts so far, one document each, in groups by artist. */
import { masked } from '../identity/email-address.ts'
import { foldText } from '../identity/fold-text.ts'
import { type Page, type PageQuery, readPage } from '../paging.ts'
import type { AlertCounts } from '../statistics/alert-windows.ts'
import { ALERTS } from '../storage/collections.ts'
import type { StoredDocument } from '../storage/storage.ts'
import { type Alert, alertText, type KeptAlert, parseAlert, type Trigger } from './alert.ts'
import { beginCooldown } from './cooldown.ts'
import type { AlertContext } from './ports.ts'

/** Alerts that are kept, give or take a hundred; the oldest leave first, but none whose mail is not sent yet. */
export const MAX_ALERTS = 100_000
/** After so many new alerts the oldest leave. */
const TRIM_EVERY = 100
/** The group of an artist's requested alerts is this and its key; no key begins with a space. */
const REQUESTED = ' asked: '

export interface Groups {
  /** Of automatic alerts; earlier versions kept requested ones here too. */
  automatic: string[]
  requested: string[]
}

/** Group and id of an alert's document. */
export interface AlertPosition {
  group: string
  id: string
}

/** An alert as the history shows it. */
export interface PastAlert {
  id: string
  artistId: string
  /** ISO 8601. */
  at: string
  triggers: Trigger[]
  details: AlertCounts
  /** Masked. */
  recipient: string | null
  status: 'pending' | 'sent' | 'failed' | 'unknown' | 'none'
  attempts: number
  /** Addresses in it are masked. */
  error: string | null
}

export class AlertHistory {
  readonly #context: AlertContext
  #spellings: Promise<Map<string, string[]>> | undefined
  #added = 0

  constructor(context: AlertContext) {
    this.#context = context
  }

  /**
   * The groups of the artist with these keys. Alerts are kept under the artist's key. Earlier versions kept those of
   * unknown artists under the name as it was spelled in the request; no such group is added, so they are read once.
   * @throws StoreUnavailable
   */
  async groupsOf(keys: readonly string[]): Promise<Groups> {
    this.#spellings ??= this.#readSpellings().catch(error => {
      this.#spellings = undefined
      throw error
    })
    const spellings = await this.#spellings
    const automatic = [...new Set(keys.flatMap(key => [key, ...(spellings.get(key) ?? [])]))]
    return { automatic, requested: keys.map(key => REQUESTED + key) }
  }

  /**
   * The position of the next alert under a key. Read before the cooldown is checked, it is a lock: of several who add an
   * alert there one succeeds, and none where an alert came in between. @throws StoreUnavailable
   */
  async nextPosition(key: string, { automatic }: Pick<Alert, 'automatic'>): Promise<AlertPosition> {
    const group = automatic ? key : REQUESTED + key
    const [last] = await this.#context.documents.list(ALERTS, { group, limit: 1 })
    const n = Number(/\d*$/.exec(last?.id ?? '')![0]) + 1
    return { group, id: `${key}/${automatic ? '' : 'asked-'}${n}` }
  }

  /**
   * Records an alert; false where another request or process was faster. `unsent`: the ids of alerts that must not leave;
   * null: they are not known, and none leaves. @throws StoreUnavailable
   */
  async add(position: AlertPosition, alert: Alert, unsent: () => string[] | null): Promise<boolean> {
    // The list may be long, so it is not sent to the store with every alert.
    const spared = this.#added++ % TRIM_EVERY === 0 ? unsent() : null
    const max = spared ? MAX_ALERTS : Number.POSITIVE_INFINITY
    const document = { ...position, value: alertText(alert) }
    const isAdded = await this.#context.documents.add(ALERTS, document, max, spared ?? [])
    if (isAdded) beginCooldown({ id: position.id, alert }, this.#context.time.waits)
    return isAdded
  }

  /** The newest alert of any of the groups; null where there is none. @throws StoreUnavailable */
  async newest(groups: readonly string[]): Promise<KeptAlert | null> {
    const [newest] = await this.#context.documents.list(ALERTS, { group: groups, limit: 1 })
    return newest ? { id: newest.id, alert: parseAlert(newest) } : null
  }

  /**
   * A page of alerts, the newest first, of all artists or of the one with these keys.
   * @throws ServiceError 400 `cursor_invalid` @throws StoreUnavailable
   */
  async page({ keys, ...query }: PageQuery & { keys?: readonly string[] }): Promise<Page<PastAlert>> {
    const groups = keys && (await this.groupsOf(keys))
    const group = groups && [...groups.automatic, ...groups.requested]
    const { items, nextCursor } = await readPage(this.#context.documents, ALERTS, { ...query, group })
    return { items: items.map(pastAlert), nextCursor }
  }

  /** The groups that are no keys, by their names in the form of keys. */
  async #readSpellings(): Promise<Map<string, string[]>> {
    const groups = [...(await this.#context.documents.counts(ALERTS)).keys()]
    return Map.groupBy(
      groups.filter(group => group !== foldText(group) && !group.startsWith(REQUESTED)),
      foldText,
    )
  }
}

function pastAlert(document: StoredDocument): PastAlert {
  const { artistId, at, triggers, counts, recipient, status, attempts, error } = parseAlert(document)
  return {
    id: document.id,
    artistId,
    at: new Date(at).toISOString(),
    triggers: [...triggers],
    details: counts,
    recipient: recipient && masked(recipient),
    status: status === 'sending' || status === 'handing-over' ? 'pending' : status,
    attempts,
    error: error && masked(error),
  }
}
