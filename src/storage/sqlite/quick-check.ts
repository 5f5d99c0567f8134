/**
 * The entry file of a process that lets SQLite check the file of a store, and marks the store where it is damaged. It is a
 * process because SQLite can't be interrupted inside a thread, and it has the lowest priority. The exit code is 0 where the
 * check was made, whatever it found.
 */
import { constants, setPriority } from 'node:os'
import { markDamaged } from './damage.ts'
import { openForReading } from './database.ts'
import { isDamage } from './transaction.ts'

const [directory = '.'] = process.argv.slice(2)
setPriority(constants.priority.PRIORITY_LOW)
try {
  const database = openForReading(directory)
  const { quick_check: found } = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
  database.close()
  if (found !== 'ok') markDamaged(directory, found.replaceAll('\n', ' ').slice(0, 200))
} catch (error) {
  if (!isDamage(error)) throw error
  markDamaged(directory, (error as Error).message)
}
