/** What an event says of an item that was recommended: a pure function of the event. */
import type { FeedbackType, StatsEvent } from '../events/event.ts'
import { isAbsentId } from '../identity/absent-ids.ts'
import { albumOfTrack, albumRef, answerRef, artistRef, NO_ENTITY, trackOf } from '../identity/entity-ref.ts'
import { parseRecommendationId } from '../identity/recommendation-id.ts'
import type { Deed, Feedback } from '../storage/figures.ts'
import { albumIn, listenerOf } from './named-entities.ts'

const DEED_OF: Record<FeedbackType, Deed> = { 'recommendation.shown': 'shown', 'recommendation.clicked': 'clicked' }

/** Never throws for an event that passed validation. */
export function feedbackOf(event: StatsEvent, type: FeedbackType): Feedback {
  const { answer, strategy } = parseRecommendationId(event.metadata?.recommendationId ?? '')
  const feedback: Feedback = {
    instant: event.timestamp,
    deed: DEED_OF[type],
    strategy,
    answer: answerRef(answer),
    item: itemOf(event),
  }
  const listener = listenerOf(event)
  if (listener !== undefined) feedback.listener = listener
  return feedback
}

/** The item that `entityType` and `entityId` name, whatever else the metadata names; a track as plays name it. */
function itemOf({ entityType, entityId, metadata = {} }: StatsEvent): Feedback['item'] {
  if (isAbsentId(entityId)) return NO_ENTITY
  if (entityType === 'artist') return artistRef(entityId)
  if (entityType === 'album') return albumRef(entityId)
  if (entityType !== 'track') return NO_ENTITY
  return trackOf(entityId, albumIn(metadata) ?? albumOfTrack(entityId)) ?? NO_ENTITY
}
