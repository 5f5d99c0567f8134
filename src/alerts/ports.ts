/** What the parts of the alerts share, and what they need of the rest of the service. */
import type { Clock } from '../concurrency/clock.ts'
import type { AlertCounts, AlertRule, Breach } from '../statistics/alert-windows.ts'
import type { NamedArtist } from '../statistics/named-artist.ts'
import type { Documents, Instant } from '../storage/storage.ts'
import type { StoredWaits } from '../storage/stored-waits.ts'
import type { Mailer } from './mailer.ts'

export interface AlertContext {
  documents: Documents
  /** null: `SMTP_HOST` is not set. */
  mailer: Mailer | null
  figures: AlertFigures
  /** null: `CONTENT_SERVICE_URL` is not set. */
  catalogue: AlertCatalogue | null
  process: AlertProcess
  time: AlertTime
  /** Is called with errors that are part of no answer. */
  log: (error: unknown) => void
}

export interface AlertProcess {
  /** Names this run of the process: no other one, before or after, has it. */
  instance: string
  /** No other process can have the store. */
  isAlone: boolean
}

export interface AlertTime {
  clock: () => Instant
  /** Its time is not touched by changes of the wall clock. */
  monotonic: Clock
  /** By the same two clocks. */
  waits: StoredWaits
}

export interface AlertFigures {
  /** The artist that an id or a name means. */
  artistOf(asked: string): Promise<NamedArtist>
  /** What the artist has in the `windowMs` milliseconds that end with `now`. */
  alertCounts(artistId: string, windowMs: number, now: Instant): Promise<AlertCounts>
  /** The artists that reach a threshold of the rule, without those of `except`. */
  breachingArtists(rule: AlertRule, now: Instant, except: readonly string[]): Promise<Breach[]>
}

export interface AlertCatalogue {
  /** null or undefined: the catalogue knows no such artist. Rejects where it does not answer. */
  artist(artistId: string): Promise<Contact | null | undefined>
  /** An alert of this artist is asked for: what the catalogue says of it should be up to date. */
  onArtistRequested(artist: string): void
}

/** An artist's address and name in the catalogue; null: it has none. */
export interface Contact {
  email: string | null
  name: string | null
}
