/** Shows what is below the first screen once the browser has nothing more urgent to do; until then its place. */
import { type ReactNode, startTransition, useEffect, useState } from 'react'
import { Skeleton } from '../../parts/skeleton.tsx'

/** It is not shown when it is scrolled to, for then it would be missing in print. `height` is that of what comes. */
export function Later({ height, children }: { height: string; children: ReactNode }) {
  const [isShown, setShown] = useState(false)
  useEffect(() => whenIdle(() => startTransition(() => setShown(true))), [])
  return isShown ? children : <Skeleton height={height} />
}

/** At the latest after so many milliseconds. */
const LATEST_MS = 2_000

/** Returns what takes it back. Not every browser says when it is idle. */
function whenIdle(run: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(run, LATEST_MS / 4)
    return () => clearTimeout(timer)
  }
  const request = requestIdleCallback(run, { timeout: LATEST_MS })
  return () => cancelIdleCallback(request)
}
