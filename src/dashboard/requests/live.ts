/** What happens at this moment, as the service's stream says it once a second. */
import { EventSource } from 'eventsource'
import { useEffect, useState } from 'react'
import type { LiveMessage } from '../../http/live.ts'
import { addressOf, keyHeader } from './request.ts'

export interface Live {
  /** The last message; undefined before the first one. */
  message: LiveMessage | undefined
  /** Whether the last message is not of this moment: the stream is interrupted, or the service has no figures. */
  isStale: boolean
}

/** Follows the stream of an artist, or of the platform, for as long as the component is shown and the tab is looked at. */
export function useLive(artistId?: string): Live {
  const [live, setLive] = useState<Live>({ message: undefined, isStale: false })
  const isVisible = usePageVisible()
  useEffect(() => {
    if (!isVisible) return
    // The browser's own has no headers, and so no key.
    const source = new EventSource(new URL(addressOf('/api/stats/live', { artistId }), location.href), {
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...keyHeader() } }),
    })
    const interrupted = () => setLive(({ message }) => ({ message, isStale: true }))
    source.addEventListener('message', ({ data }) => setLive({ message: JSON.parse(data), isStale: false }))
    source.addEventListener('stale', interrupted)
    source.addEventListener('error', interrupted)
    return () => source.close()
  }, [artistId, isVisible])
  return live
}

/** A stream that nobody looks at takes one of the service's places. */
function usePageVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const update = () => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', update)
    return () => document.removeEventListener('visibilitychange', update)
  }, [])
  return isVisible
}
