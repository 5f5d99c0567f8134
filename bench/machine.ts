/** What the figures were measured on. */
import { cpus, totalmem } from 'node:os'

export function machine(): string {
  const cores = cpus()
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  return (
    `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores, ${memory} GiB; ` +
    `Node ${process.versions.node}, SQLite ${process.versions.sqlite}`
  )
}
