/** Parameters that several routes have, and what holds for those of all. */
import type { FastifyInstance, FastifyRequest, preHandlerHookHandler, preValidationHookHandler } from 'fastify'
import { Type } from 'typebox'
import { type Fault, invalidInput } from '../errors.ts'
import { isAbsentId } from '../identity/absent-ids.ts'
import { oneOf } from './api.ts'

const MOST_ROWS = 100
/** At least one character that is no white space, and no NUL. */
export const ID_PATTERN = String.raw`^[^\u0000]*[^\s\u0000][^\u0000]*$`
/** Characters of an id; artists may be asked for by their names too, which are longer than ids. */
export const MAX_ASKED_ID = 1000

/** A text, or null where there is none. */
export const Nullable = Type.Union([Type.String(), Type.Null()])

/** How many rows an answer has: 1 to 100 everywhere. */
export function Limit(otherwise: number) {
  const description = `At most this many; above ${MOST_ROWS} means ${MOST_ROWS}.`
  return Type.Integer({ minimum: 1, default: otherwise, description })
}

/** An artist's id or name. Text that cannot be one (a blank, `undefined`, `null`) is refused. */
export const ArtistId = (description: string) =>
  Type.String({ format: 'id', minLength: 1, maxLength: MAX_ASKED_ID, pattern: ID_PATTERN, description })

/** The path of a route about one artist. */
export const artistParams = Type.Object({
  artistId: ArtistId('By its id, by its `_id` in the catalogue, or by its name.'),
})

/** A listener's id. Text that names no listener (`anonymous`, `undefined`, a blank) is taken too: nothing is known of them. */
export const ListenerId = (description: string) =>
  Type.String({ format: 'listener', minLength: 1, maxLength: MAX_ASKED_ID, pattern: '^[^\\u0000]+$', description })

/** Text with at least one character that is no white space. */
export const VisibleText = (description: string, ...examples: string[]) =>
  Type.String({ format: 'text', minLength: 1, pattern: String.raw`\S`, description, examples })

/** What is searched for: text that is no blank and has no NUL. */
export const SearchText = (description: string, maxLength: number, example: string) =>
  Type.String({ format: 'search-text', minLength: 1, maxLength, pattern: ID_PATTERN, description, examples: [example] })

/** One of these words, in any case of letters. */
export const OneOf = <const T extends string>(words: readonly T[], description: string) =>
  Type.Optional(oneOf(words, `${description} In any case of letters.`))

/** Which page of a listing is asked for. `pattern`: that of its cursors; `origin`: where a client finds the next one. */
export const pageParameters = (pattern: string, origin: string) => ({
  limit: Limit(50),
  cursor: Type.Optional(
    Type.String({ format: 'cursor', pattern: `^(?:${pattern})?$`, description: `${origin} Empty: the first page.` }),
  ),
})

/** Text that matches the pattern; `format` says how text that does not is refused. */
export const Formatted = (format: keyof typeof FORMATS, pattern: string, description: string, ...examples: string[]) =>
  Type.Optional(Type.String({ format, pattern, description, examples }))

type Broken = Omit<Fault, 'path'>

/** The formats that the schemas name beside those of JSON Schema, and the fault of text that does not match their pattern. */
const FORMATS = {
  id: { code: 'text_invalid', message: 'must not contain NUL or lone surrogates' },
  listener: { code: 'text_invalid', message: 'must not contain NUL' },
  'search-text': { code: 'required', message: 'must be text that is no blank and has no NUL' },
  text: { code: 'required', message: 'must not be empty' },
  cursor: { code: 'cursor_invalid', message: 'is not a cursor that a listing gave' },
  'iso-8601': { code: 'date_invalid', message: 'is not an ISO 8601 date' },
  'time-zone': { code: 'time_zone_unknown', message: 'is not an IANA time zone' },
} as const satisfies Record<string, Broken>

/** The same names for the validator, which is not to check them. */
export const UNCHECKED_FORMATS = Object.fromEntries(Object.keys(FORMATS).map(name => [name, true as const]))

/** What `readParameters` uses of a parameter's schema. */
interface Rule {
  type?: string
  enum?: readonly string[]
  format?: string
  pattern?: string
}

/**
 * Reads the parameters of every route that is registered from now on by the rules of its schema. Numbers are digits alone
 * (`limit=1e1`, `+5` and `%2010` are refused), fixed words are taken in any case, and no parameter may be given twice. A
 * date, zone, cursor or fixed word that is empty is the same as absent: forms send `startDate=` for a field that is not
 * filled in. A `limit` above 100 means 100. A parameter that differs from a known one only in case is refused: if
 * `startdate` were ignored, the answer would be the figures of all time. Other unknown parameters are ignored.
 */
export function readParameters(app: FastifyInstance): void {
  app.addHook('onRoute', route => {
    const [params, query] = [route.schema?.params, route.schema?.querystring].map(rulesOf)
    const readers = [params && readWith(params, 'params'), query && readWith(query, 'query')].filter(each => !!each)
    if (readers.length > 0) route.preValidation = [...readers, ...[route.preValidation ?? []].flat()]
    if (query?.has('limit')) route.preHandler = [capLimit, ...[route.preHandler ?? []].flat()]
  })
}

function rulesOf(schema: unknown): ReadonlyMap<string, Rule> | undefined {
  const { properties } = (schema ?? {}) as { properties?: Record<string, Rule> }
  return properties && new Map(Object.entries(properties))
}

function readWith(rules: ReadonlyMap<string, Rule>, part: 'params' | 'query'): preValidationHookHandler {
  const known = new Map([...rules.keys()].map(name => [name.toLowerCase(), name]))
  return (request, _reply, done) => {
    const sent = request[part] as Record<string, unknown>
    const faults: Fault[] = []
    for (const name in sent) {
      const rule = rules.get(name)
      const written = known.get(name.toLowerCase())
      if (rule && sent[name] === '' && mayBeEmpty(rule)) delete sent[name]
      else if (rule) {
        const read = readValue(name, sent[name], rule)
        if (typeof read === 'object') faults.push({ path: name, ...read })
        else sent[name] = read
      } else if (written !== undefined) {
        faults.push({ path: name, code: 'unknown_parameter', message: `must be written ${written}` })
      }
    }
    const [first, ...others] = faults
    if (first) throw invalidInput([first, ...others])
    done()
  }
}

const mayBeEmpty = ({ enum: words, format = '' }: Rule) =>
  words !== undefined || ['iso-8601', 'time-zone', 'cursor'].includes(format)

/** A number as JSON writes it. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i

/** The value that the text of a parameter stands for, or the rule that it breaks. */
function readValue(name: string, text: unknown, rule: Rule): string | number | Broken {
  if (typeof text !== 'string') return { code: 'wrong_type', message: 'must be given once' }
  if (rule.type === 'integer') return readInteger(text)
  if (rule.type === 'number')
    return NUMBER.test(text) ? Number(text) : { code: 'wrong_type', message: 'must be a number' }
  if (rule.enum) return readWord(name, text, rule.enum)
  if (rule.format === 'id') return idFault(text) ?? text
  const hasForm = rule.pattern === undefined || new RegExp(rule.pattern, 'u').test(text)
  return hasForm ? text : FORMATS[rule.format as keyof typeof FORMATS]
}

function readInteger(text: string): number | Broken {
  if (!/^-?(0|[1-9]\d*)$/.test(text)) return { code: 'wrong_type', message: 'must be an integer in digits alone' }
  return Math.min(Math.max(Number(text), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
}

function readWord(name: string, text: string, words: readonly string[]): string | Broken {
  const word = words.find(known => known === text.toLowerCase())
  const message = `must be ${words.length > 1 ? 'one of ' : ''}${words.join(', ')}`
  return word ?? { code: `${name}_unknown`, message }
}

/** Why a text is no id: it is a blank, `undefined` or `null`, or has characters that no store keeps. */
export function idFault(text: string): Broken | undefined {
  if (isAbsentId(text)) return { code: 'required', message: 'must be an id, and this names nobody' }
  return text.includes('\0') || !text.isWellFormed() ? FORMATS.id : undefined
}

const capLimit: preHandlerHookHandler = (request: FastifyRequest, _reply, done) => {
  const query = request.query as { limit: number }
  query.limit = Math.min(query.limit, MOST_ROWS)
  done()
}
