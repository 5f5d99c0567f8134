/** The plays of the known artists: how many were sent and acknowledged, against what the service shows. */
import { artistOf } from '../../test/support/known-events.ts'
import { Counter } from './counter.ts'
import type { HonestEvent } from './events.ts'
import type { HonestClient } from './honest-client.ts'
import { pause } from './pause.ts'
import type { Run } from './run.ts'

const PAUSE_MS = 200
/** For so long it is waited for the figures to have caught up. */
const PATIENCE_MS = 15_000
const POLL_MS = 50

interface Health {
  checks: { storage: { status: string }; projector: { lag_events: number } }
}

export class KnownPlays {
  /** Reads that were compared, and those for which the figures were never without lag. */
  compared = 0
  skipped = 0
  readonly #sent = new Counter()
  readonly #acknowledged = new Counter()
  /** Since when an artist is looked at, and how many events were acknowledged that were sent after that. */
  #lookingSince = Number.POSITIVE_INFINITY
  #acknowledgedSince = 0
  /** The most that the service has ever shown. */
  readonly #shown = new Map<string, number>()

  /** To be called once for an event, before it goes out. */
  noteSent({ artist, payload }: HonestEvent): void {
    if (artist !== '' && payload.eventType === 'track.played') this.#sent.add(artist)
  }

  /** To be called once for an event; `sentAt`: when it was sent first. */
  noteAcknowledged({ artist, payload }: HonestEvent, sentAt: number): void {
    if (sentAt > this.#lookingSince) this.#acknowledgedSince++
    if (artist !== '' && payload.eventType === 'track.played') this.#acknowledged.add(artist)
  }

  /** Reads one artist after the other: what was acknowledged before the figures caught up is there, and nothing goes away. */
  async readBack(run: Run, client: HonestClient): Promise<void> {
    for (let turn = 0; !run.ending.aborted; turn++) {
      await this.#compare(run, client, artistOf(turn))
      await pause(PAUSE_MS, run.ending)
    }
  }

  async #compare(run: Run, client: HonestClient, artist: string): Promise<void> {
    this.#lookingSince = performance.now()
    this.#acknowledgedSince = 0
    const least = Math.max(this.#acknowledged.of(artist), this.#shown.get(artist) ?? 0)
    if (!(await this.#hasCaughtUp(run, client))) {
      this.skipped++
      return
    }
    const path = `/api/stats/artist/${artist}/kpis`
    const reply = await client.ask({ method: 'GET', path })
    if (!reply) return
    const { plays } = JSON.parse(reply.text) as { plays: number }
    this.compared++
    const bounds = `${path}: ${plays} plays, where at least ${least} were acknowledged or shown, and ${this.#sent.of(artist)} sent`
    if (plays < least) run.findings.add('a read misses acknowledged events, or fewer than it showed before', bounds)
    if (plays > this.#sent.of(artist)) run.findings.add('a read counts events that were never sent', bounds)
    this.#shown.set(artist, Math.max(plays, least))
  }

  /**
   * Whether the figures contain all events from before the look: those that they lack are the last ones of the log, and no
   * more than have been sent and acknowledged since.
   */
  async #hasCaughtUp(run: Run, client: HonestClient): Promise<boolean> {
    const deadline = performance.now() + PATIENCE_MS
    while (performance.now() < deadline && !run.ending.aborted) {
      const later = this.#acknowledgedSince
      const reply = await client.ask({ method: 'GET', path: '/healthz' }, [200, 503])
      if (reply?.status === 200) {
        const { checks } = JSON.parse(reply.text) as Health
        if (checks.projector.lag_events <= later && checks.storage.status === 'ok') return true
      }
      await pause(POLL_MS, run.ending)
    }
    return false
  }
}
