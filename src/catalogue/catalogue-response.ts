/** Reads the response of one attempt. */
import { setImmediate as yieldThread } from 'node:timers/promises'
import type { BodyReader } from './answer-bodies.ts'
import { TransientFault, unusableAnswer } from './catalogue-faults.ts'

export interface Answer<T> {
  status: number
  /** What the reader made of the body; undefined where it has another form, and with another status than 200. */
  content: T | undefined
}

/** Between two pieces others use the thread: one piece may hold thousands of items, each of which is parsed. */
const PIECE_BYTES = 8192
/** How much is read of a body that is not used, so that its connection can be used again. */
const MAX_UNUSED_BYTES = 2 ** 16

const OK = 200
const OVERLOADED = new Set([502, 503, 504])

/** @throws TransientFault where the catalogue is overloaded; what the reader and the connection throw */
export async function readAnswer<T>(response: Response, reader: BodyReader<T>): Promise<Answer<T>> {
  const { status } = response
  if (status === OK) return { status, content: await readBody(response, reader) }
  await discardBody(response)
  if (OVERLOADED.has(status)) throw new TransientFault(`the catalogue answers ${status}`)
  return { status, content: undefined }
}

/** @throws CatalogueUnavailable where there is none; `otherwise` says what the answer is then. */
export function contentOf<T>({ status, content }: Answer<T>, otherwise: string): T {
  if (status !== OK) throw unusableAnswer(`has status ${status}`)
  if (content === undefined || content === null) throw unusableAnswer(otherwise)
  return content
}

async function readBody<T>(response: Response, reader: BodyReader<T>): Promise<T | undefined> {
  for await (const chunk of response.body ?? []) {
    for (let at = 0; at < chunk.length && !reader.isOver; at += PIECE_BYTES) {
      if (at > 0) await yieldThread()
      reader.push(chunk.subarray(at, at + PIECE_BYTES))
    }
    if (reader.isOver) break
    await yieldThread()
  }
  return reader.end()
}

async function discardBody(response: Response): Promise<void> {
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_UNUSED_BYTES) return
  }
}
