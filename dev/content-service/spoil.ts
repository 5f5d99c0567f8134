/** Answers with wrong content. */
import { STATUS_CODES } from 'node:http'
import { type Answer, failure, json } from './answers.ts'
import type { AnswerFault } from './faults.ts'

const GARBAGE = '<!doctype html><html><body><h1>It works!</h1></body></html>'

/** The wrong answer; the right one where the fault does not change the content. */
export function spoiled(right: Answer, fault: AnswerFault | undefined): Answer {
  switch (fault?.kind) {
    case 'status':
      return failure(fault.status, STATUS_CODES[fault.status] ?? 'Fault')
    case 'garbage':
      return { status: 200, type: 'text/html; charset=utf-8', value: GARBAGE }
    case 'empty':
      return { status: 200, type: 'text/plain', value: '' }
    case 'emptyList':
      return json(Array.isArray(right.value) ? [] : {})
    case 'huge':
      return { ...right, value: withFiller(right.value, 'x'.repeat(fault.bytes ?? 10_000_000)) }
    case 'wrongTypes':
      return { ...right, value: withWrongFields(right.value, fault.deep ?? false) }
    case 'proto':
      return { ...right, value: withPrototypeKeys(right.value) }
    default:
      return right
  }
}

function withFiller(value: unknown, filler: string): unknown {
  return typeof value === 'object' && !Array.isArray(value) ? { ...value, filler } : [value, { filler }].flat()
}

/** Lists and objects stay what they are; their values have wrong types. */
function withWrongFields(value: unknown, deep: boolean): unknown {
  if (Array.isArray(value)) return [...value.map(item => withWrongFields(item, deep)), null, 7, 'seven', []]
  if (typeof value !== 'object' || value === null) return wrong(value)
  return mapped(value, field => (deep && Array.isArray(field) ? withWrongFields(field, deep) : wrong(field)))
}

function wrong(value: unknown): unknown {
  if (typeof value === 'string') return 7
  if (typeof value === 'number') return { not: 'a number' }
  if (Array.isArray(value)) return 'not a list'
  return ['neither null nor an object']
}

function withPrototypeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPrototypeKeys)
  if (typeof value !== 'object' || value === null) return value
  // Parsed, `__proto__` is an own field; in a literal it would set the prototype.
  const keys: object = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
  return Object.assign(keys, mapped(value, withPrototypeKeys))
}

function mapped(value: object, change: (field: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, change(field)]))
}
