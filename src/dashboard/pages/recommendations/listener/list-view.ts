/** Which list is asked for, as the address says it: of what, how varied, with what is hardly known, how long. */
import { useMemo } from 'react'
import { useChoice, useParameters } from '../../../address/parameters.ts'

/** `all`: albums and artists as they come. */
export const TYPES = ['all', 'artist', 'album', 'track'] as const
/** As the API takes it, from 0, by score alone, to 1: each as unlike as can be those before it. */
export const DIVERSITIES = ['0', '0.3', '0.7'] as const
export const EXPLORATIONS = ['on', 'off'] as const
/** The first is meant where the address says none. */
const LIMITS = ['20', '10', '50', '100'] as const
export const SHOWN_LIMITS = ['10', '20', '50', '100'] as const satisfies readonly (typeof LIMITS)[number][]

export type ListView = ReturnType<typeof useListView>

export function useListView() {
  const { parameters } = useParameters()
  const listener = parameters.get('listener') ?? ''
  const [type, setType] = useChoice('type', TYPES)
  const [diversity, setDiversity] = useChoice('diversity', DIVERSITIES)
  const [exploration, setExploration] = useChoice('exploration', EXPLORATIONS)
  const [limit, setLimit] = useChoice('limit', LIMITS)
  const query = useMemo(
    () => ({
      limit,
      type: type === 'all' ? undefined : type,
      diversity: diversity === '0' ? undefined : diversity,
      exploration: exploration === 'on' ? undefined : exploration,
    }),
    [limit, type, diversity, exploration],
  )
  return { listener, type, setType, diversity, setDiversity, exploration, setExploration, limit, setLimit, query }
}
