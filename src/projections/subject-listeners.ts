/** Who listened to each subject, per quarter of an hour: the listeners of counted plays. Anonymous plays have none. */
import type { TableSpec } from '../storage/storage.ts'
import type { Projection } from './projection.ts'

export const SUBJECT_LISTENERS: TableSpec = {
  name: 'subject_listeners',
  kind: 'sets',
  bucket: 'quarter',
  maxima: [],
  version: 2,
  keys: 'subject',
  fields: 'listener',
}

export const subjectListeners: Projection = {
  name: 'subject-listeners',
  tables: [SUBJECT_LISTENERS],
  fold({ at, counted, measure, listener, credits }) {
    if (!counted || measure !== 'plays' || listener === undefined) return []
    return credits.map(({ subject }) => ({
      op: 'add',
      table: SUBJECT_LISTENERS.name,
      key: subject,
      field: listener,
      at,
    }))
  },
}
