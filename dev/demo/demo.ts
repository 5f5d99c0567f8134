/** `npm run demo`: starts the demo for people, says where to look, and goes on until it is stopped. */
import { Command, InvalidArgumentError } from 'commander'
import { withProgressBar } from '../../src/cli/progress-bar.ts'
import { type Demo, startDemo } from './start-demo.ts'

await new Command('demo')
  .description('run the service with an invented platform: half a year of history, then live')
  .option('--port <number>', 'of the service (default: a free one)', portNumber)
  .action(async ({ port }: { port?: number }) => process.exit(await run(port)))
  .parseAsync()

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Not a port.')
  return Number(text)
}

/** The exit code. */
async function run(port = 0): Promise<number> {
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopped.abort())
  try {
    const demo = await start(port, stopped.signal)
    const why = await Promise.race([demo.ended, aborted(stopped.signal)])
    await demo.stop()
    if (why === undefined) return 0
    console.error(`The demo is over: ${why}`)
  } catch (error) {
    if (stopped.signal.aborted) return 0
    console.error(`The demo did not start: ${(error as Error).message}`)
  }
  return 1
}

async function start(port: number, signal: AbortSignal): Promise<Demo> {
  const begun = performance.now()
  const demo = await withProgressBar('history', 'days', onDay => startDemo({ port, signal, onDay }))
  const seconds = (performance.now() - begun) / 1000
  const { accepted, duplicates, refused } = demo.history
  console.log(
    `${accepted} events of half a year, sent and counted in ${seconds.toFixed(1)} s; ` +
      `${duplicates} were sent twice, ${refused} refused`,
  )
  const { url, artists } = demo
  console.log(`The demo is ready:
  the platform               ${url}/
  the biggest artist         ${url}/artist/${artists.biggest}
  whose track went viral     ${url}/artist/${artists.viral}
Ctrl-C stops it and removes all that it made.`)
  return demo
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise(resolve => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
