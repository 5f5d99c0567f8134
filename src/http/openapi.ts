/** The OpenAPI document without a running service. */
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import type { AppServices } from '../app-services.ts'
import { loadConfig } from '../settings/config.ts'
import { openapiYaml } from './docs.ts'

export { openapiYaml }

/** An app with all routes and no service behind them: good for its document only. Close it afterwards. */
export async function documentedApp(): Promise<FastifyInstance> {
  const config = loadConfig({ LOG_LEVEL: 'silent' })
  const app = await buildApp({ config, clock: Date.now, droppedLetters: () => 0 } as AppServices)
  await app.ready()
  return app
}
