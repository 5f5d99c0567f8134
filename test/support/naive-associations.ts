/** What an event teaches: which things it names together, and how it spells them. */
import type { Association as TypedAssociation } from '../../src/storage/figures.ts'
import { naiveFold } from './naive-fold.ts'
import { type Named, saysSomething } from './naive-named.ts'
import type { PlainRefs } from './ref.ts'

type Association = PlainRefs<TypedAssociation>

interface Told extends Named {
  track?: string | undefined
  title?: string | undefined
  genre?: string | undefined
}

export function naiveLessons({ artists, album, name, track, title, genre }: Told): Association[] {
  const thing = (kind: string, id: string | undefined) => (id === undefined ? undefined : `${kind}:${id}`)
  // 'events that name exactly one of each': of several artists nobody knows whose the album or the name is.
  const theArtist = thing('artist', artists.length === 1 ? artists[0] : undefined)
  const theAlbum = thing('album', album)
  const theName = thing('name', name && naiveFold(name))
  const theTrack = thing('track', track)
  const theGenre = thing('genre', saysSomething(genre) ? naiveFold(genre) : undefined)
  const spelling = thing('label', name?.trim().normalize('NFC'))
  return [
    // 'album → artist, album → name, name → artist'
    ...pair(theAlbum, theArtist),
    ...pair(theAlbum, theName),
    ...pair(theName, theArtist),
    ...pair(theName, spelling),
    ...pair(theArtist, spelling),
    // A track is its album's, else the artist's, else the name's that it is named with.
    ...pair(theTrack, theAlbum ?? theArtist ?? theName),
    ...pair(theTrack, thing('label', title)),
    // 'Genres … from `metadata.genre`.'
    ...pair(theTrack, theGenre),
    ...pair(theAlbum, theGenre),
    // An artist's only where nothing else is named whose it could be.
    ...pair(theAlbum === undefined && theTrack === undefined ? theArtist : undefined, theGenre),
  ]
}

function pair(from: string | undefined, to: string | undefined): Association[] {
  return from === undefined || to === undefined ? [] : [{ from, to }]
}

/** Of pairs that several lines name, each once: 'the number of events' is what counts. */
export function eachOnce(associations: readonly Association[]): Association[] {
  return associations.filter(
    ({ from, to }, i) => associations.findIndex(other => other.from === from && other.to === to) === i,
  )
}
