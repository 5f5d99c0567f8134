/** For logs whose entries can all be projected. */
import assert from 'node:assert/strict'
import type { KeepSetAside } from '../../src/ingestion/set-aside.ts'

export const noneSetAside: { keepSetAside: KeepSetAside } = {
  keepSetAside: async found => assert.deepEqual(found, []),
}
