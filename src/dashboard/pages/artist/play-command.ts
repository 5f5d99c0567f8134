/** A command for a terminal that sends the service a play of an artist. Pure. */
export function playCommand(origin: string, artistId: string, at: string): string {
  const event = {
    eventType: 'track.played',
    timestamp: at,
    entityType: 'track',
    entityId: '1',
    userId: 'listener-1',
    metadata: { artistId },
  }
  // Within single quotes a shell reads nothing but the quote itself.
  const body = JSON.stringify(event).replaceAll("'", String.raw`'\''`)
  return `curl ${origin}/api/stats/events -H 'content-type: application/json' -d '${body}'`
}
