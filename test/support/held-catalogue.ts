/** A catalogue that answers lists of albums only when it is told to: questions that need them take as long. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** The path of a question that waits for it. */
export const QUESTION = '/api/recommendations/similar?genre=Rock'

/** One of the genre, so that the catalogue is not asked in other words too. */
const ALBUMS = JSON.stringify([{ id: 'a1', title: 'Night Drive', genre: 'Rock' }])

/** Serves until the test ends. */
export async function heldCatalogue(t: TestContext) {
  let held: (() => void)[] = []
  let asked = 0
  const server = createServer((request, response) => {
    const answer = () => response.setHeader('content-type', 'application/json').end(ALBUMS)
    if (!request.url?.startsWith('/api/albums?')) return void answer()
    asked++
    held.push(answer)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close().closeAllConnections())
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    release: () => {
      for (const answer of held) answer()
      held = []
      asked = 0
    },
  }
}
