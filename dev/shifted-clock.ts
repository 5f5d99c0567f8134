/** Preloaded into the service: its clock is `CLOCK_SHIFT_MS` ahead of the machine's. */
const shift = Number(process.env.CLOCK_SHIFT_MS)
const realNow = Date.now

Date.now = () => realNow() + shift
