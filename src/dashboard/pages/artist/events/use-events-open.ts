/** Whether the events behind the figure are shown: the address says so. They are asked for only then, for they may need a key. */
import { useCallback } from 'react'
import { useChoice } from '../../../address/parameters.ts'

export function useEventsOpen() {
  const [state, setState] = useChoice('events', ['hidden', 'shown'])
  return {
    isOpen: state === 'shown',
    open: useCallback(() => setState('shown'), [setState]),
    close: useCallback(() => setState('hidden'), [setState]),
  }
}

export type EventsOpen = ReturnType<typeof useEventsOpen>
