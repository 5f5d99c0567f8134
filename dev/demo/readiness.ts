/** Waits until a page of the demo shows everything: all events counted, the catalogue asked about all albums, and a model trained. */
import { setTimeout as wait } from 'node:timers/promises'
import type { RecommendationModel } from '../../src/http/recommendation-model.ts'
import type { ContentService } from '../content-service/server.ts'
import type { Client } from '../replay/client.ts'
import { projected } from '../replay/send.ts'

const POLL_MS = 100
const ALBUM = /^\/api\/albums\/([^/?]+)$/

/** `albums`: ids of those that the events name and the catalogue has. */
export async function everythingShown(client: Client, content: ContentService, albums: ReadonlySet<string>) {
  await projected(client)
  while (!albums.isSubsetOf(askedFor(content))) {
    await wait(POLL_MS)
    await projected(client)
  }
  const last = [...askedFor(content)].findLast(id => albums.has(id))!
  while (!(await isKnown(client, content, last))) await wait(POLL_MS)
}

/** The albums in the order in which the service asked for them. */
function askedFor({ requests }: ContentService): Set<string> {
  return new Set(requests.flatMap(({ path }) => ALBUM.exec(path)?.[1] ?? []))
}

/** Whether the figures contain what the catalogue said of the album: they take that in the order in which it was said. */
async function isKnown(client: Client, { catalogue }: ContentService, albumId: string): Promise<boolean> {
  const album = catalogue.albums.find(({ id }) => id === albumId)!
  const artistId = album.artistId ?? catalogue.artists.find(({ name }) => name === album.artist)!.id
  const path = `/api/stats/artist/${artistId}/releases?limit=100`
  const { items } = (await client.get(path)) as { items: { id: string; releaseYear: number | null }[] }
  return items.some(({ id, releaseYear }) => id === albumId && releaseYear !== null)
}

/** Since when the service trains a model, or trains none. */
export async function trainingOf(client: Client): Promise<RecommendationModel['training']> {
  return ((await client.get('/api/recommendations/model')) as RecommendationModel).training
}

/** Waits until a training is over, also one that found too little to learn from. `before`: what was so before the first event. */
export async function trainingOver(client: Client, before: RecommendationModel['training']): Promise<void> {
  for (;;) {
    const { state, since } = await trainingOf(client)
    if (state !== 'training' && since !== before.since) return
    await wait(POLL_MS)
  }
}
