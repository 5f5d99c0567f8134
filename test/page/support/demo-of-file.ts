/** The demo's service and data, one for each test file. */
import { after, before } from 'node:test'
import { type Demo, type DemoOptions, startDemo } from '../../../dev/demo/start-demo.ts'

/** Two months, so that 28 days have as many before them, without an audience that would change figures while they are compared. */
const SMALL: DemoOptions = {
  historyDays: 60,
  eventsPerDay: 300,
  live: false,
  // It takes much of the processor's time, and few pages show what comes of it.
  env: { RECOMMENDATION_TRAINING_HOURS: 'off' },
}

/** With models of recommendations. */
export const TRAINED: DemoOptions = { env: {} }

/** Starts before the first test of the file, and ends after the last. */
export function demoOfFile(options: DemoOptions = {}): () => Demo {
  let demo: Demo | undefined
  before(async () => {
    demo = await startDemo({ ...SMALL, ...options })
  })
  after(() => demo?.stop())
  return () => {
    if (!demo) throw new Error('the demo starts before the first test')
    return demo
  }
}
