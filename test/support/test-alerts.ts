/** Alerts on a store of the test's own, at a time that only the test moves on. */
import assert from 'node:assert/strict'
import { Alerts, type AlertsOptions } from '../../src/alerts/alerts.ts'
import { type Mailer, SmtpMailer } from '../../src/alerts/mailer.ts'
import type { Mail } from '../../src/alerts/message.ts'
import type { AlertCatalogue, AlertFigures } from '../../src/alerts/ports.ts'
import { ManualClock } from './manual-clock.ts'
import type { TestSmtpServer } from './smtp-server.ts'
import { openTempStore } from './temp-store.ts'

export const START = Date.parse('2026-11-24T10:00:00Z')
export const BREACH = { plays: 120, likes: 0, follows: 0 }
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export class TestTime {
  readonly monotonic = new ManualClock()
  /** By how much the wall clock is ahead of the true time. */
  ahead = 0

  readonly clock = () => START + this.monotonic.now() + this.ahead

  pass(ms: number): Promise<void> {
    return this.monotonic.pass(ms)
  }

  /** Passes until this long after the start. */
  passUntil(ms: number): Promise<void> {
    return this.pass(ms - this.monotonic.now())
  }
}

export interface TestAlertsOptions extends Partial<Omit<AlertsOptions, 'figures' | 'catalogue'>> {
  figures?: Partial<AlertFigures>
  /** Of every artist. */
  contactOf?: AlertCatalogue['artist']
  isAlone?: boolean
}

let instances = 0

/** Finds `ar1` and `ar2`. */
export const breachingArtists: AlertFigures['breachingArtists'] = async (_rule, _now, except) =>
  ['ar1', 'ar2'].filter(id => !except.includes(id)).map(artistId => ({ artistId, counts: BREACH }))

/** Of `ar1` `ana@example.com`, of any other artist an address of its own. */
export const ownContact: AlertCatalogue['artist'] = async artistId => ({
  email: artistId === 'ar1' ? 'ana@example.com' : `${Buffer.from(artistId).toString('hex')}@example.com`,
  name: 'Ana',
})

/** Every artist is Ana, and has 120 plays; no artist breaches by itself. Where `mailer` is absent, mails are kept in `mails`. */
export function testAlerts(options: TestAlertsOptions = {}) {
  const { figures, contactOf, isAlone = true, documents = openTempStore().documents, ...more } = options
  const time = new TestTime()
  const mails: Mail[] = []
  const mailer: Mailer = {
    async send(mail, beforeLastChunk) {
      if (await beforeLastChunk()) mails.push(mail)
      return { kind: 'sent' }
    },
    close() {},
  }
  const alerts = new Alerts({
    documents,
    clock: time.clock,
    monotonic: time.monotonic,
    figures: {
      artistOf: async asked => ({ id: asked, keys: [asked] }),
      alertCounts: async () => BREACH,
      breachingArtists: async () => [],
      ...figures,
    },
    catalogue: {
      artist: contactOf ?? (async () => ({ email: 'ana@example.com', name: 'Ana' })),
      onArtistRequested: () => {},
    },
    mailer,
    recipients: 'any',
    process: { instance: `instance ${++instances}`, isAlone },
    log: error => process.emitWarning(String(error)),
    ...more,
  })
  return { alerts, time, documents, mails }
}

export function mailerFor({ config }: Pick<TestSmtpServer, 'config'>, limits = {}): SmtpMailer {
  const from = { name: 'UnderSounds', address: 'no-reply@undersounds.example' }
  return new SmtpMailer(config, from, { limits })
}

/** Waits up to 10 seconds of real time. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await condition())) {
    assert.ok(performance.now() < end, 'waited for 10 seconds in vain')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
