/**
 * A catalogue that means harm: a real HTTP server whose every second answer is of the kind that it is told to give. The
 * others are harmless, so that nobody stops asking it.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

const MIB = 2 ** 20
/** A kilobyte for each megabyte. */
const BOMB = gzipSync(Buffer.alloc(200 * MIB, 32))

/** Sends this over and over, until the other side has had enough or `mebibytes` are sent. */
async function repeat(response: ServerResponse, text: string, mebibytes: number): Promise<void> {
  const piece = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)))
  const pieces = function* () {
    for (let sent = 0; sent < mebibytes * MIB; sent += piece.length) yield piece
  }
  await pipeline(Readable.from(pieces()), response)
}

async function drip(response: ServerResponse): Promise<void> {
  for (response.write('['); !response.closed; await wait(20)) response.write(' ')
}

/** What it does with a request. */
const ANSWERS = {
  'nested deeply': (response: ServerResponse) => void response.end('['.repeat(MIB)),
  'endless brackets': (response: ServerResponse) => repeat(response.writeHead(200), '[],', 1000),
  'a list of very many': (response: ServerResponse) => {
    response.write('[0')
    return repeat(response, ',{}', 60)
  },
  'endless spaces': (response: ServerResponse) => repeat(response, ' ', 1000),
  'a bomb': (response: ServerResponse) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
  'a drip': drip,
  'a redirect to itself': (response: ServerResponse) =>
    void response.writeHead(302, { location: '/api/artists' }).end(),
  'a page': (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    return repeat(response, '<p>', 5)
  },
  'long texts': (response: ServerResponse) => {
    const text = 'x'.repeat(200_000)
    response.end(JSON.stringify([{ id: text, title: text, name: text, genre: text, artist: text }]))
  },
}

export type Hostility = keyof typeof ANSWERS

export const HOSTILITIES = Object.keys(ANSWERS) as Hostility[]

/** Serves until the test ends. */
export async function hostileCatalogue(t: TestContext) {
  const asked = new Map<Hostility, number>()
  let hostility: Hostility = 'nested deeply'
  let requests = 0
  const server = createServer((_request, response) => {
    if (++requests % 2 === 0) return void response.end('[]')
    asked.set(hostility, (asked.get(hostility) ?? 0) + 1)
    // The other side hangs up, rightly.
    Promise.resolve(ANSWERS[hostility](response)).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close().closeAllConnections())
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How often it was asked while it behaved like this. */
    asked: (while_: Hostility) => asked.get(while_) ?? 0,
    behave: (like: Hostility) => {
      hostility = like
    },
  }
}
