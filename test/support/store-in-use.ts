/** The store that the tests run on: the embedded one, or with `TEST_STORE=mongodb`, a MongoDB server. */
import { createHash } from 'node:crypto'
import { type MongoServer, SERVERS } from '../mongo-servers/servers.ts'

export const ON_MONGODB = process.env.TEST_STORE === 'mongodb'

let server: Promise<MongoServer> | undefined

/** Settings for a service with this data directory: on MongoDB, a database that belongs to it. */
export async function storeSettings(dataDir: string): Promise<{ MONGO_URI?: string; DB_NAME?: string }> {
  if (!ON_MONGODB) return {}
  server ??= SERVERS[0]!.start()
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 20)
  return { MONGO_URI: (await server).uri, DB_NAME: `tests_${name}` }
}
