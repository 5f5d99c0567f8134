/** What the catalogue taught, as one snapshot has it; read in bulk, each fact once. */

import { type AlbumFact, type ArtistFact, FACT_EDGES, FACTS, type Fact, readEdge, readFact } from '../content/facts.ts'
import { foldText } from '../events/fold-text.ts'
import type { Reads } from '../storage/storage.ts'

export class Catalogued {
  #reads: Reads
  #facts = new Map<string, Fact | undefined>()
  /** Things that a name, artist or genre leads to, when they were last taught. */
  #edges = new Map<string, string[]>()

  constructor(reads: Reads) {
    this.#reads = reads
  }

  /** Reads all that is known of albums, artists and names, to be asked for afterwards. */
  async learn(things: Iterable<string>): Promise<void> {
    const asked = [...new Set(things)]
    const artists = await this.linkedWith(asked.filter(thing => thing.startsWith('name:')))
    const unknown = [...asked, ...artists].filter(thing => /^(album|artist):/.test(thing) && !this.#facts.has(thing))
    const values = await this.#reads.documents(FACTS, [...new Set(unknown)])
    for (const thing of unknown) {
      const value = values.get(thing)
      this.#facts.set(thing, value === undefined ? undefined : readFact(value))
    }
  }

  /** Reads the other forms of artists' ids. Numbers are none: they are what the catalogue's artists go by. */
  learnAliases(things: Iterable<string>): Promise<void> {
    return this.learn([...things].filter(thing => thing.startsWith('artist:') && !/^artist:\d+$/.test(thing)))
  }

  /** What was taught of an album that `learn` has read. */
  album(thing: string): AlbumFact | undefined {
    const fact = this.#facts.get(thing)
    return fact?.kind === 'album' ? fact : undefined
  }

  /** What was taught of an artist that `learn` has read. */
  artist(thing: string): ArtistFact | undefined {
    const fact = this.#facts.get(thing)
    return fact?.kind === 'artist' ? fact : undefined
  }

  /** The artist by the id that it goes by; anything else is itself. */
  canonical(thing: string): string {
    const fact = this.#facts.get(thing)
    return fact?.kind === 'alias' ? `artist:${fact.artistId}` : thing
  }

  /** The artists who bear a name that `learn` has read: of two nobody can say whose the name is. */
  artistsNamed(name: string): string[] {
    return (this.#edges.get(name) ?? []).filter(thing => {
      const borne = this.artist(thing)?.name
      return borne !== undefined && borne !== null && `name:${foldText(borne)}` === name
    })
  }

  /** Albums, artists and aliases that were taught together with the things: candidates, each to be verified by its fact. */
  async linkedWith(things: readonly string[]): Promise<string[]> {
    const unknown = [...new Set(things)].filter(thing => !this.#edges.has(thing))
    for (const thing of unknown) this.#edges.set(thing, [])
    for (const id of await this.#reads.documentsIn(FACT_EDGES, unknown)) {
      const { known, thing } = readEdge(id)
      this.#edges.get(known)?.push(thing)
    }
    return things.flatMap(thing => this.#edges.get(thing) ?? [])
  }
}
