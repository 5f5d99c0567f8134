/** What feedback says, as a plain reading of the rules: no code of `src` but types. */
import type { EventType, FeedbackType, StatsEvent } from '../../src/events/event.ts'
import type { Feedback } from '../../src/storage/figures.ts'
import { albumOfTrack, listenerOf, saysSomething, trackKey } from './naive-named.ts'
import type { PlainRefs } from './ref.ts'

export const isFeedback = (type: EventType): type is FeedbackType => type.startsWith('recommendation.')

export function naiveFeedback(event: StatsEvent): PlainRefs<Feedback> {
  const { eventType, timestamp, metadata = {} } = event
  const [, answer, strategy] =
    /^(.*)[.](model|exploration|similar|genre|popular)$/s.exec(metadata.recommendationId!) ?? []
  const listener = listenerOf(event)
  return {
    instant: timestamp,
    deed: eventType === 'recommendation.shown' ? 'shown' : 'clicked',
    strategy: (strategy as Feedback['strategy'] | undefined) ?? 'unknown',
    answer: `answer:${answer ?? metadata.recommendationId}`,
    item: itemOf(event),
    ...(listener !== undefined && { listener }),
  }
}

function itemOf({ entityType, entityId, metadata = {} }: StatsEvent): string {
  if (!saysSomething(entityId)) return 'none'
  if (entityType === 'artist' || entityType === 'album') return `${entityType}:${entityId}`
  if (entityType !== 'track') return 'none'
  const album = saysSomething(metadata.albumId) ? metadata.albumId : albumOfTrack(entityId)
  const key = trackKey(entityId, album)
  return key === undefined ? 'none' : `track:${key}`
}
