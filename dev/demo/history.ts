/** Sends the history of the simulated audience, and says what the service must have counted then. */
import type { Client } from '../replay/client.ts'
import { type Sent, sendAll } from '../replay/send.ts'
import type { DemoEvent } from './arrivals.ts'
import type { Simulation } from './simulation.ts'

const BATCH = 1_000

export interface SentHistory extends Pick<Sent, 'accepted' | 'duplicates' | 'refused'> {
  /** Plays that count: each once, without skips. */
  plays: number
  /** Ids of the albums of the catalogue that these plays name: the service asks about no others. */
  albums: ReadonlySet<string>
}

export async function sendHistory(
  simulation: Simulation,
  client: Client,
  onDay: (done: number, all: number) => void = () => {},
): Promise<SentHistory> {
  const known = new Set(simulation.repertoire.catalogue.albums.map(({ id }) => id))
  const albums = new Set<string>()
  let plays = 0
  const payloadOf = ({ payload, isCountedPlay }: DemoEvent) => {
    if (!isCountedPlay) return payload
    plays++
    const albumId = payload.metadata?.albumId
    if (typeof albumId === 'string' && known.has(albumId)) albums.add(albumId)
    return payload
  }
  const { accepted, duplicates, refused } = await sendAll(
    client,
    simulation.history(onDay).map(payloadOf),
    BATCH,
    () => {},
  )
  return { accepted, duplicates, refused, plays, albums }
}
