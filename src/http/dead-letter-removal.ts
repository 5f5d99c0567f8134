/** Which dead letters a `DELETE` removes. Nothing can bring them back, so every ambiguous request is refused. */
import { Type } from 'typebox'
import { type Fault, invalidInput } from '../errors.ts'
import type { Removal } from '../ingestion/dead-letters.ts'

export const RemovalQuery = Type.Object({
  id: Type.Optional(Type.String({ minLength: 1 })),
  reason: Type.Optional(Type.String({ minLength: 1 })),
  all: Type.Optional(Type.Literal('true', { description: 'Instead of a filter: removes every letter.' })),
})

/**
 * The removal that a query string asks for: `id=7`, `reason=required`, both, or `all=true`.
 * @throws ServiceError 400 naming what is missing, empty, unknown, given twice, or `all` beside a filter.
 */
export function removalOf(query: Readonly<Record<string, unknown>>): Removal {
  const faults = Object.entries(query).flatMap(([name, value]) => faultsOf(name, value))
  const { id, reason, all } = query as { id?: string; reason?: string; all?: 'true' }
  const isFiltered = id !== undefined || reason !== undefined
  if (all !== undefined && isFiltered) {
    faults.push({ path: 'all', code: 'ambiguous', message: 'must not be given together with id or reason' })
  }
  if (all === undefined && !isFiltered) {
    faults.push({ path: 'all', code: 'required', message: 'must be true to remove every letter; or give id or reason' })
  }
  const [first, ...others] = faults
  if (first) throw invalidInput([first, ...others])
  if (reason !== undefined) return id === undefined ? { reason } : { id, reason }
  return id === undefined ? { all: true } : { id }
}

function faultsOf(path: string, value: unknown): Fault[] {
  if (path !== 'id' && path !== 'reason' && path !== 'all') {
    return [{ path, code: 'unknown_parameter', message: 'is no parameter of this request; id, reason and all are' }]
  }
  if (typeof value !== 'string') return [{ path, code: 'wrong_type', message: 'must be given once' }]
  if (path === 'all') return value === 'true' ? [] : [{ path, code: 'unknown_value', message: 'must be true' }]
  return value === '' ? [{ path, code: 'required', message: 'must not be empty' }] : []
}
