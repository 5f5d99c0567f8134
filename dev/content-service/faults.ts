/** The faults of the stand-in catalogue, and the requests to which they apply. */
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const forSome = {
  /** Applies to requests whose path begins with it; default: `/api`. */
  path: Type.Optional(Type.String({ pattern: '^/' })),
  /** Applies to so many requests; default: until it is cleared or replaced. */
  times: Type.Optional(Type.Integer({ minimum: 1 })),
}

const kind = <K extends string, P extends Type.TProperties>(name: K, more: P) =>
  Type.Object({ kind: Type.Literal(name), ...more, ...forSome }, { additionalProperties: false })

const HeadersSchema = Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), Type.String({ pattern: '^[ -~]*$' }))

/** Another rate limit, counted from 0, instead of the usual one. null: no limit. */
const RateFault = kind('rate', {
  requestsPerMinute: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
})

const AnswerFault = Type.Union([
  kind('status', { status: Type.Integer({ minimum: 200, maximum: 599 }), headers: Type.Optional(HeadersSchema) }),
  /** The right answer after a delay. */
  kind('delay', { ms: Type.Integer({ minimum: 0 }) }),
  /** No answer. */
  kind('hang', {}),
  /** The connection is cut in the middle of the body. */
  kind('cut', {}),
  /** HTML with status 200. */
  kind('garbage', {}),
  /** Status 200 without a body. */
  kind('empty', {}),
  /** `[]` or `{}`. */
  kind('emptyList', {}),
  /** The right answer with a very long text added, sent without its length. */
  kind('huge', { bytes: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000_000 })) }),
  /** Every field has a wrong type; `deep`: lists stay lists, and their items have fields of a wrong type. */
  kind('wrongTypes', { deep: Type.Optional(Type.Boolean()) }),
  /** The right answer, with `__proto__` and `constructor` in every object. */
  kind('proto', {}),
])

const FaultSchema = Type.Union([RateFault, ...AnswerFault.anyOf])

export type RateFault = Static<typeof RateFault>
export type AnswerFault = Static<typeof AnswerFault>
export type Fault = RateFault | AnswerFault

/** @throws TypeError where the value is not a fault */
export function faultOf(value: unknown): Fault {
  if (Value.Check(FaultSchema, value)) return value
  const kinds = FaultSchema.anyOf.map(({ properties }) => properties.kind.const)
  throw new TypeError(`Not a fault. One has a kind (${kinds.join(', ')}), perhaps path and times, and what it needs.`)
}

interface Scoped {
  path?: string
  times?: number
}

const DEFAULT_PATH = '/api'

/** The faults in force, one for a path. */
export class ActiveFaults<T extends Scoped> {
  #active: { path: string; left: number; fault: T }[] = []

  set(fault: T): void {
    const path = fault.path ?? DEFAULT_PATH
    const others = this.#active.filter(other => other.path !== path)
    // The longest path comes first, and decides.
    this.#active = [...others, { path, left: fault.times ?? Infinity, fault }].sort(
      (a, b) => b.path.length - a.path.length,
    )
  }

  clear(): void {
    this.#active = []
  }

  /** The fault for a request, which counts as one of its `times`. */
  take(target: string): T | undefined {
    const found = this.#active.find(({ path }) => isUnder(path, target))
    if (found && --found.left <= 0) this.#active = this.#active.filter(other => other !== found)
    return found?.fault
  }
}

/** `/api/artists/1` is under `/api/artists`, `/api/artists/12` is not under it. A query is compared as text. */
function isUnder(path: string, target: string): boolean {
  if (!target.startsWith(path)) return false
  const next = target[path.length]
  return next === undefined || '/?'.includes(next) || path.endsWith('/') || path.includes('?')
}
