/** Preloaded into the service: its clock starts at `BENCH_NOW`, so that stored events of a fixed year stay recent. */
const shift = Number(process.env.BENCH_NOW) - Date.now()
const realNow = Date.now

Date.now = () => realNow() + shift
