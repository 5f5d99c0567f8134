/** A service as far as commands beside it see it: it has the store, and copies its figures on request. */
import type { TestContext } from 'node:test'
import { buildApp } from '../../src/app.ts'
import { Copies } from '../../src/facts/copies.ts'
import type { AppServices } from '../../src/http/app-services.ts'
import { copiesFolder } from '../../src/opening/open-storage.ts'
import { openStore } from '../../src/opening/open-store.ts'
import { loadConfig } from '../../src/settings/config.ts'

/** Serves the store of these settings until the test ends; gives the settings of a command beside it. */
export async function startCopying(t: TestContext, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const config = loadConfig({ LOG_LEVEL: 'silent', ...env })
  const { figures, close } = await openStore(config, () => {})
  const copies = new Copies(copiesFolder(config), figures)
  await copies.removeAll()
  const services = { config, clock: Date.now, droppedLetters: () => 0, figures: { copy: () => copies.make() } }
  const app = await buildApp(services as unknown as AppServices)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(async () => {
    await app.close()
    await close()
  })
  return { ...env, PORT: new URL(url).port }
}
