/** Progress bars of the command line. */
import { SingleBar } from 'cli-progress'

export type OnProgress = (done: number, all: number) => void

/** Shows a bar on standard error while `work` runs; `unit` names what is counted. */
export async function withProgressBar<T>(
  title: string,
  unit: string,
  work: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  const format = `${title} {bar} {percentage}% | {value}/{total} ${unit} | {eta_formatted} left`
  const bar = new SingleBar({ format, stream: process.stderr })
  bar.start(1, 0)
  try {
    return await work((done, all) => {
      bar.setTotal(all)
      bar.update(done)
    })
  } finally {
    bar.stop()
  }
}
