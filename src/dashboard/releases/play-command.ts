/** A command that posts a play of a track or of an album's first track, for those whose page is empty. */
import { eventCommand } from '../requests/event-command.ts'

export function playCommand(kind: 'track' | 'album', id: string): string {
  const play = { eventType: 'track.played', entityType: 'track', userId: 'listener-1' }
  return eventCommand(location.origin, { ...play, ...(kind === 'album' ? trackOf(id, '1') : namesOfTrack(id)) })
}

/** A key such as `a1_2` is track 2 of album a1; any other stands alone. */
function namesOfTrack(key: string): object {
  const [, albumId, number] = /^(.+)_(\d{1,10})$/.exec(key) ?? []
  return albumId !== undefined && number !== undefined ? trackOf(albumId, number) : { entityId: key }
}

const trackOf = (albumId: string, number: string) => ({ entityId: number, metadata: { albumId } })
