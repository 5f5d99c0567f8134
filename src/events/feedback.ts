/** The rules of feedback: of events that say what became of an item that was recommended. */
import { type Fields, isFields } from './exact-json.ts'
import { isAbsent } from './field.ts'
import type { Scope } from './scope.ts'

/** What can be recommended. */
const ITEM_TYPES: readonly string[] = ['track', 'album', 'artist']

/** Adds a fault for each field that feedback needs and does not have. Those of a wrong type have a fault already. */
export function checkFeedback({ entityType, metadata }: Fields, scope: Scope): void {
  if (isMissing(entityType)) scope.fault('entityType', 'required', MESSAGES.entityType)
  else if (typeof entityType === 'string' && !ITEM_TYPES.includes(entityType)) {
    scope.fault('entityType', 'entity_type_unknown', MESSAGES.entityType)
  }
  if (isMissing(isFields(metadata) ? metadata.recommendationId : undefined)) {
    scope.child('metadata').fault('recommendationId', 'required', MESSAGES.recommendationId)
  }
}

const isMissing = (value: unknown): boolean => isAbsent(value) || value === ''

const MESSAGES = {
  entityType: `must be one of ${ITEM_TYPES.join(', ')}, the type of the row that was recommended`,
  recommendationId: 'is required: the recommendationId of the row that was recommended, as the answer has it',
}
