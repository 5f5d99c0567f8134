/** What the page of charts shows, as its address says it. */
import { useCallback } from 'react'
import { useChoice, useParameters } from '../../address/parameters.ts'
import { useLimit } from '../../parts/more-rows.tsx'
import { KINDS, MODES, PERIODS, type RankingQuestion } from '../../rankings/question.ts'

export function useChartView() {
  const { parameters, change } = useParameters()
  const [kind] = useChoice('kind', KINDS)
  const [mode, setMode] = useChoice('mode', MODES)
  const [period, setPeriod] = useChoice('period', PERIODS)
  const limit = useLimit()
  // Artists and albums are not ranked by genre.
  const genre = kind === 'tracks' ? (parameters.get('genre')?.trim() ?? '') : ''
  const setKind = useCallback(
    (kind: RankingQuestion['kind']) =>
      change({ kind: kind === KINDS[0] ? null : kind, ...(kind !== 'tracks' && { genre: null }) }),
    [change],
  )
  const setGenre = useCallback((genre: string) => change({ genre: genre === '' ? null : genre }), [change])
  const question = { kind, mode, period, genre, limit }
  return { question, setKind, setMode, setPeriod, setGenre }
}
