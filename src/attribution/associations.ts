/** Which entities an event names together: the evidence by which albums and names are bound to artists. */
import type { Metadata, OrderItem } from '../events/event.ts'
import { isAbsentId } from '../identity/absent-ids.ts'
import { type EntityRef, genreRef, labelRef } from '../identity/entity-ref.ts'
import type { Association } from '../storage/figures.ts'
import type { NamedEntities } from './named-entities.ts'
import type { OrderLine } from './order-lines.ts'

/** The pairs of an event: whom album, name and track belong to, how they are spelled, and of which genre they are. */
export function associationsOf(entities: NamedEntities, metadata: Metadata | OrderItem): Association[] {
  const { album, name, spelling, track } = entities
  // Of several artists it is unknown whose the album and the name are.
  const artist = entities.artists.length === 1 ? entities.artists[0] : undefined
  const genre = genreIn(metadata)
  const found: Association[] = []
  const associate = (from: EntityRef | undefined, to: EntityRef | undefined) => {
    if (from !== undefined && to !== undefined) found.push({ from, to })
  }
  associate(album, artist)
  associate(album, name)
  associate(name, artist)
  associate(name, spelling)
  associate(artist, spelling)
  associate(album, genre)
  associate(track, album ?? artist ?? name)
  if (track !== undefined && metadata.title) associate(track, labelRef(String(metadata.title)))
  associate(track, genre)
  // With an album or a track, the genre is theirs: an artist may play another one elsewhere.
  if (album === undefined && track === undefined) associate(artist, genre)
  return found
}

/** The associations of an order and of its items, each once, for their weight is the number of events that name them. */
export function associationsOfOrder(
  entities: NamedEntities,
  metadata: Metadata,
  lines: readonly OrderLine[],
): Association[] {
  const ofOrder = associationsOf(entities, metadata)
  const ofItems = lines.flatMap(({ entities, item }) => (item ? associationsOf(entities, item) : []))
  if (ofItems.length === 0) return ofOrder
  const byPair = new Map([...ofOrder, ...ofItems].map(each => [`${each.from}\0${each.to}`, each]))
  return [...byPair.values()]
}

function genreIn({ genre }: Metadata | OrderItem): EntityRef<'genre'> | undefined {
  return typeof genre === 'string' && !isAbsentId(genre) ? genreRef(genre) : undefined
}
