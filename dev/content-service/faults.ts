/** What can be wrong with the content service, and for which requests. */
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const forSome = {
  /** Where the path of a request begins with it; default: all of `/api`. */
  path: Type.Optional(Type.String({ pattern: '^/' })),
  /** For that many requests; default: until it is cleared or another takes its place. */
  times: Type.Optional(Type.Integer({ minimum: 1 })),
}

const kind = <K extends string, P extends Type.TProperties>(name: K, more: P) =>
  Type.Object({ kind: Type.Literal(name), ...more, ...forSome }, { additionalProperties: false })

const HeadersSchema = Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), Type.String({ pattern: '^[ -~]*$' }))

/** Another limit, counted anew; the usual one does not count meanwhile. null: none. */
const RateFault = kind('rate', {
  requestsPerMinute: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
})

const AnswerFault = Type.Union([
  kind('status', { status: Type.Integer({ minimum: 200, maximum: 599 }), headers: Type.Optional(HeadersSchema) }),
  /** Late, but right. */
  kind('delay', { ms: Type.Integer({ minimum: 0 }) }),
  /** Never. */
  kind('hang', {}),
  /** The connection breaks in the middle of the body. */
  kind('cut', {}),
  /** HTML with status 200. */
  kind('garbage', {}),
  /** Status 200 without a body. */
  kind('empty', {}),
  /** `[]` or `{}`. */
  kind('emptyList', {}),
  /** The right answer with very much beside it, sent without its length. */
  kind('huge', { bytes: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000_000 })) }),
  /** Every field is there and of a wrong type; `deep`: the lists are still lists, and what is in them is wrong. */
  kind('wrongTypes', { deep: Type.Optional(Type.Boolean()) }),
  /** The right answer, with `__proto__` and `constructor` in every object. */
  kind('proto', {}),
])

const FaultSchema = Type.Union([RateFault, ...AnswerFault.anyOf])

export type RateFault = Static<typeof RateFault>
export type AnswerFault = Static<typeof AnswerFault>
export type Fault = RateFault | AnswerFault

/** @throws TypeError where it is none */
export function faultOf(value: unknown): Fault {
  if (Value.Check(FaultSchema, value)) return value
  const kinds = FaultSchema.anyOf.map(({ properties }) => properties.kind.const)
  throw new TypeError(`Not a fault. One has a kind (${kinds.join(', ')}), perhaps path and times, and what it needs.`)
}

interface Scoped {
  path?: string
  times?: number
}

const EVERYTHING = '/api'

/** Those in force, one for a path. */
export class InForce<T extends Scoped> {
  #held: { path: string; left: number; it: T }[] = []

  set(it: T): void {
    const path = it.path ?? EVERYTHING
    const others = this.#held.filter(other => other.path !== path)
    // The most exact one decides.
    this.#held = [...others, { path, left: it.times ?? Infinity, it }].sort((a, b) => b.path.length - a.path.length)
  }

  clear(): void {
    this.#held = []
  }

  /** The one for this request, which counts as one of its times. */
  take(target: string): T | undefined {
    const found = this.#held.find(({ path }) => isUnder(path, target))
    if (found && --found.left <= 0) this.#held = this.#held.filter(other => other !== found)
    return found?.it
  }
}

/** `/api/artists/1` is under `/api/artists`, `/api/artists/12` is not under it. A query is compared as text. */
function isUnder(path: string, target: string): boolean {
  if (!target.startsWith(path)) return false
  const next = target[path.length]
  return next === undefined || '/?'.includes(next) || path.endsWith('/') || path.includes('?')
}
