/**
 * What each subject gained: plays, likes, follows, purchases and revenue by currency, per quarter of an hour. All are net;
 * of likes and follows, what was taken back is counted by itself too.
 */
import type { Change, TableSpec } from '../storage/storage.ts'
import type { Projection } from './projection.ts'

export const SUBJECT_KPIS: TableSpec = {
  name: 'subject_kpis',
  kind: 'counters',
  bucket: 'quarter',
  maxima: ['last'],
  version: 3,
  keys: 'subject',
  fields: 'kpi',
}

/** The field that holds a currency's revenue, in minor units. */
export const revenueField = (currency: string): string => `revenue.${currency}`

/** The fields that count unlikes and unfollows, upwards: with them it is known how much a part of a net sum may be. */
export const TAKEN_BACK = { likes: 'unlikes', follows: 'unfollows' } as const

export const subjectKpis: Projection = {
  name: 'subject-kpis',
  tables: [SUBJECT_KPIS],
  fold({ at, counted, credits }) {
    if (!counted) return []
    const table = SUBJECT_KPIS.name
    return credits.flatMap(({ subject, measure, by, revenue }) => {
      const changes: Change[] = [{ op: 'max', table, key: subject, field: 'last', at }]
      if (by !== 0) changes.push({ op: 'increment', table, key: subject, field: measure, at, by })
      if (by < 0 && (measure === 'likes' || measure === 'follows')) {
        changes.push({ op: 'increment', table, key: subject, field: TAKEN_BACK[measure], at, by: 1 })
      }
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
