/** Runs the stand-in catalogue for people: `PORT_CONTENT` is its port, 5001 without it. */
import { SettingsReader } from '../../src/settings/settings-reader.ts'
import { startContentService } from './server.ts'

const settings = new SettingsReader(process.env)
const port = settings.integer('PORT_CONTENT', 5001, 0, 65_535)
for (const { setting, rule } of settings.faults) fail(`${setting} ${rule}`)

try {
  const service = await startContentService({ port })
  const artist = service.catalogue.artists.find(({ name }) => name === 'DJ Beats')!
  const album = service.catalogue.albums.find(({ artistId }) => artistId === artist.id)!
  console.log(`Content service at ${service.url} (artist ${artist.id}, album ${album.id}, genre ${album.genre})`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void service.close())
} catch (error) {
  fail(`The content service did not start: ${error instanceof Error ? error.message : error}`)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
