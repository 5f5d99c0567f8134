/** Commands that read a store which is not there create nothing, and leave the dump as it was. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Place } from '../support/dump-place.ts'
import { exportSome, refuses } from '../support/refused-command.ts'

test('a command for a store that is not there ends with one line', async t => {
  const place = await Place.make(t)
  await exportSome(place)
  await mkdir(join(place.folder, 'empty'))
  for (const name of ['missing', 'empty']) {
    const env = { DATA_DIR: join(place.folder, name) }
    await refuses(
      place,
      env,
      ['mongoexport', 'verify', 'rebuild', 'sql', 'export'],
      /^there is no store in .*(missing|empty): set DATA_DIR/,
    )
  }
})

test('MongoDB that is away is no reason to make a replica', async t => {
  const place = await Place.make(t)
  await exportSome(place)
  const env = { DATA_DIR: join(place.folder, 'missing'), MONGO_URI: 'mongodb://127.0.0.1:1' }
  await refuses(place, env, ['mongoexport'], /^MongoDB cannot be used now/)
  await refuses(place, env, ['verify', 'rebuild'], /^there is no store in .*replica/)
})
