/** What each subject gained: plays, likes, follows, purchases and revenue by currency, per quarter of an hour. */
import type { Change, TableSpec } from '../storage/storage.ts'
import type { Projection } from './projection.ts'

export const SUBJECT_KPIS: TableSpec = {
  name: 'subject_kpis',
  kind: 'counters',
  bucket: 'quarter',
  maxima: ['last'],
  keys: 'subject',
  fields: 'kpi',
}

/** The field that holds a currency's revenue, in minor units. */
export const revenueField = (currency: string): string => `revenue.${currency}`

export const subjectKpis: Projection = {
  name: 'subject-kpis',
  tables: [SUBJECT_KPIS],
  fold({ at, counted, credits }) {
    if (!counted) return []
    const table = SUBJECT_KPIS.name
    return credits.flatMap(({ subject, measure, by, revenue }) => {
      const changes: Change[] = [
        { op: 'increment', table, key: subject, field: measure, at, by },
        { op: 'max', table, key: subject, field: 'last', at },
      ]
      if (revenue) {
        changes.push({
          op: 'increment',
          table,
          key: subject,
          field: revenueField(revenue.currency),
          at,
          by: revenue.minor,
        })
      }
      return changes
    })
  },
}
