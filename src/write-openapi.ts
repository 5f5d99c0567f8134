/** Writes the OpenAPI document to docs/Estadisticas.yaml. */
import { writeFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import type { AppServices } from './http/app-services.ts'
import { openapiYaml } from './http/openapi.ts'
import { loadConfig } from './settings/config.ts'

/** An app with all routes and no service behind them: good for its document only. Close it afterwards. */
export async function documentedApp(): Promise<FastifyInstance> {
  const config = loadConfig({ LOG_LEVEL: 'silent' })
  const app = await buildApp({ config, clock: Date.now, droppedLetters: () => 0 } as AppServices)
  await app.ready()
  return app
}

if (import.meta.main) {
  const app = await documentedApp()
  await writeFile(new URL('../docs/Estadisticas.yaml', import.meta.url), openapiYaml(app))
  await app.close()
}
