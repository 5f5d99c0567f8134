/** Asking a running service for a copy of its figures, which it alone can read while it runs. */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { copiesFolder } from '../opening/open-storage.ts'
import type { Config } from '../settings/config.ts'
import { type StoreInUse, StoreUnavailable } from '../storage/storage.ts'

/** Copying takes a few seconds for each gigabyte on a file system that can't share blocks. */
const TIME_LIMIT_MS = 300_000

/**
 * The folder of the copy, which the caller removes. `inUse`: the error that another process has the store.
 * @throws StoreUnavailable where no service answers, or it makes no copy, or not of this store
 */
export async function copyOfService(config: Config, inUse: StoreInUse): Promise<string> {
  const service = addressOf(config)
  const folder = await askForCopy(service, config.adminApiKeys[0], inUse)
  // The folder is going to be removed, so only the name of a copy is accepted.
  const copy = join(copiesFolder(config), basename(folder))
  if (/^[0-9a-f-]{36}$/.test(basename(folder)) && existsSync(copy)) return copy
  throw new StoreUnavailable(`the service at ${service} has its store elsewhere: its copy is ${folder}`)
}

function addressOf({ host, port }: Config): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

async function askForCopy(service: string, key: string | undefined, inUse: StoreInUse): Promise<string> {
  let response: Response
  try {
    response = await fetch(`${service}/api/stats/figures/copies`, {
      method: 'POST',
      headers: key === undefined ? {} : { 'x-api-key': key },
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    })
  } catch (error) {
    throw new StoreUnavailable(`${inUse.message}. No service answers at ${service} (HOST, PORT)`, { cause: error })
  }
  const answer = (await response.json().catch(() => ({}))) as { folder?: unknown; detail?: unknown }
  if (response.status === 201 && typeof answer.folder === 'string') return answer.folder
  const isKeyWrong = response.status === 401 && key !== undefined
  const why = isKeyWrong ? 'it takes none of the ADMIN_API_KEYS' : (answer.detail ?? response.statusText)
  throw new StoreUnavailable(`the service at ${service} makes no copy of its figures: ${why}`)
}
