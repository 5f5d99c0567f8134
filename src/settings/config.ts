/** The settings of the service. Nothing else reads the environment. */
import { existsSync } from 'node:fs'
import { type AccessSettings, readAccess } from './access-settings.ts'
import { type CatalogueSettings, readCatalogue } from './catalogue-settings.ts'
import { type MailSettings, readMail } from './mail-settings.ts'
import { type RecommendationSettings, readRecommendations } from './recommendation-settings.ts'
import { readServer, type ServerSettings } from './server-settings.ts'
import { type SettingFault, SettingsReader } from './settings-reader.ts'
import { readStore, type StoreSettings } from './store-settings.ts'

export type Config = ServerSettings &
  StoreSettings &
  RecommendationSettings &
  CatalogueSettings &
  MailSettings &
  AccessSettings

/** Settings that break rules; the message names all of them. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly faults: readonly SettingFault[]

  constructor(faults: readonly SettingFault[]) {
    super(`Wrong settings:\n${faults.map(fault => `  ${fault.setting} ${fault.rule}`).join('\n')}`)
    this.faults = faults
  }
}

/**
 * Reads and checks all settings. An empty value is the same as none. Without an argument, the file `.env` of the
 * working directory fills in what the environment does not set.
 * @throws ConfigError naming every wrong setting and its rule.
 */
export function loadConfig(env?: NodeJS.ProcessEnv): Config {
  if (!env) loadEnvFile()
  const read = new SettingsReader(env ?? process.env)
  const server = readServer(read)
  const config = {
    ...server,
    ...readStore(read),
    ...readRecommendations(read),
    ...readCatalogue(read),
    ...readMail(read, server.host),
    ...readAccess(read),
  }
  if (read.faults.length > 0) throw new ConfigError(read.faults)
  return config
}

/** @throws ConfigError where the file can't be read */
function loadEnvFile(): void {
  if (!existsSync('.env')) return
  try {
    process.loadEnvFile('.env')
  } catch (error) {
    throw new ConfigError([{ setting: '.env', rule: `must be a file that can be read: ${(error as Error).message}` }])
  }
}
