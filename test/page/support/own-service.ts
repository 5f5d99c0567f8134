/** A service of its own with the events that a test posts, to be stopped and started again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { json, postBatch } from '../../support/http.ts'
import { ServiceProcess } from '../../support/service-process.ts'

interface OwnService {
  readonly url: string
  post(events: readonly object[], headers?: Record<string, string>): Promise<void>
  stop(): Promise<void>
  /** At the same port. */
  startAgain(): Promise<void>
}

/** After the pages of all tests: one that is still looked at would find its service gone. */
const atEndOfFile: (() => Promise<void>)[] = []
after(async () => {
  for (const end of atEndOfFile) await end()
})

/** It ends with the file, and leaves nothing behind. */
export async function ownService(env: NodeJS.ProcessEnv = {}): Promise<OwnService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'page-test-'))
  let process = await ServiceProcess.start({ dataDir, env })
  const { url, port } = process
  atEndOfFile.push(async () => {
    await process.end('SIGTERM')
    await rm(dataDir, { recursive: true, force: true })
  })
  return {
    url,
    async post(events, headers) {
      await json(await postBatch(url, events, headers))
      await process.projected()
    },
    async stop() {
      await process.end('SIGTERM')
    },
    async startAgain() {
      process = await ServiceProcess.start({ dataDir, port, env })
    },
  }
}

/** A play so many milliseconds ago. */
export const playOf = (artistId: string, userId: string, ago = 0) => ({
  eventType: 'track.played',
  timestamp: new Date(Date.now() - ago).toISOString(),
  userId,
  entityType: 'track',
  entityId: '1',
  metadata: { albumId: 'a1', artistId },
})
