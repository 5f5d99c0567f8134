/**
 * The way of an alert's e-mail, so that it is sent at most once, whichever process dies when. Each transition is one
 * compare-and-swap of the alert's document: of several processes that try it, one succeeds.
 */
import { ALERTS } from '../storage/collections.ts'
import { type StoredDocument, StoreUnavailable } from '../storage/storage.ts'
import { type Alert, type AlertStatus, alertText, type KeptAlert, parseAlert, unclaimed } from './alert.ts'
import type { AlertContext } from './ports.ts'

/** `any` process; the `claimant`; or a `successor`: a process that has found out that the claimant is dead. */
export type Actor = 'any' | 'claimant' | 'successor'

/**
 * Who may make which transition. `handing-over` is durable before the end of the message leaves. From then on only the
 * claimant can know that nothing was delivered, and make the alert pending again.
 */
const TRANSITIONS: readonly (readonly [from: AlertStatus, to: AlertStatus, by: Actor])[] = [
  ['pending', 'sending', 'any'],
  ['pending', 'failed', 'any'],
  ['sending', 'handing-over', 'claimant'],
  ['sending', 'failed', 'claimant'],
  ['sending', 'none', 'claimant'],
  ['sending', 'pending', 'claimant'],
  ['sending', 'pending', 'successor'],
  ['handing-over', 'sent', 'claimant'],
  ['handing-over', 'failed', 'claimant'],
  ['handing-over', 'pending', 'claimant'],
  ['handing-over', 'unknown', 'claimant'],
  ['handing-over', 'unknown', 'successor'],
]

/** An alert that a process moves on. */
export interface Claim extends KeptAlert {
  /** What its document may hold: more than one text where the store failed and may have written all the same. */
  texts: readonly string[]
}

export function claimOf({ id, value }: StoredDocument): Claim {
  return { id, alert: parseAlert({ value }), texts: [value] }
}

export class Claims {
  /** Transitions of this process by the status that they led to. */
  readonly counts = { pending: 0, sent: 0, failed: 0, unknown: 0 }
  readonly #context: AlertContext

  constructor(context: AlertContext) {
    this.#context = context
  }

  /** Claims a pending alert; null where another process was faster. @throws StoreUnavailable */
  async claim(pending: Claim): Promise<Claim | null> {
    const n = pending.alert.attempts + 1
    const claim = { by: this.#context.process.instance, n }
    const alert: Alert = { ...pending.alert, status: 'sending', attempts: n, claim }
    return (await this.move(pending, alert, 'any')) ? { id: pending.id, alert, texts: [alertText(alert)] } : null
  }

  /** Says whether the end of the message may leave. @throws StoreUnavailable: it may not */
  handOver(claim: Claim): Promise<boolean> {
    const { id, alert, texts } = claim
    claim.alert = { ...alert, status: 'handing-over', sentAt: this.#context.time.clock() }
    claim.texts = [alertText(claim.alert), ...texts]
    return this.move({ id, alert, texts }, claim.alert, 'claimant')
  }

  /**
   * Ends the claim of a dead process; null where another process was faster. An alert that was `sending` is pending again,
   * for the mail server can't have the whole message. @throws StoreUnavailable
   */
  async succeed(claim: Claim): Promise<Alert | null> {
    const alert = { ...unclaimed(claim.alert), nextAttemptAt: null }
    const next: Alert =
      alert.status === 'sending'
        ? { ...alert, status: 'pending', nextAttemptAt: this.#context.time.clock(), waitMs: 0 }
        : { ...alert, status: 'unknown', error: 'the service stopped while it handed the message over' }
    return (await this.move(claim, next, 'successor')) ? next : null
  }

  /** Makes a transition; false where another process was faster. @throws StoreUnavailable: it may have been made */
  async move({ id, alert, texts }: Claim, next: Alert, actor: Actor): Promise<boolean> {
    if (!TRANSITIONS.some(([from, to, by]) => from === alert.status && to === next.status && by === actor)) {
      throw new Error(`alert ${id} can't go from ${alert.status} to ${next.status}`)
    }
    const { documents } = this.#context
    const text = alertText(next)
    for (const from of texts) if (await documents.swap(ALERTS, id, from, text)) return this.#count(next)
    // An earlier swap that failed may have been written, before or after the last one.
    const found = (await documents.get(ALERTS, id))?.value ?? ''
    if (texts.includes(found)) throw new StoreUnavailable('an alert changed meanwhile')
    return found === text && this.#count(next)
  }

  #count({ status }: Alert): true {
    if (status in this.counts) this.counts[status as keyof typeof this.counts]++
    return true
  }
}
