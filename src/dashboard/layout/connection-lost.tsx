/** Says once for the whole page that the service does not answer, for as long as it does not. */
import { type Query, type QueryCache, useQueryClient } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { Button } from '../parts/button.tsx'
import { isUnreachable } from '../requests/request.ts'
import styles from './connection-lost.module.css'
import { texts } from './texts.ts'

export function ConnectionLost() {
  const t = useTexts(texts)
  const { dateParts } = useFormats()
  const queries = useQueryClient()
  const cache = queries.getQueryCache()
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache])
  const lastAnswer = useSyncExternalStore(subscribe, () => lastAnswerOfLost(cache))
  const time =
    lastAnswer && dateParts(lastAnswer, Intl.DateTimeFormat().resolvedOptions().timeZone, { timeStyle: 'medium' })
  return (
    <div role="status">
      {time && (
        <p className={styles.lost}>
          {t.unreachable(time)}{' '}
          <Button onClick={() => void queries.refetchQueries({ type: 'active' })}>{t.tryAgain}</Button>
        </p>
      )}
    </div>
  )
}

/** When the service answered last, in epoch milliseconds; null while it answers, and where it never did. */
function lastAnswerOfLost(cache: QueryCache): number | null {
  const shown = cache.getAll().filter(query => query.isActive())
  if (!shown.some(isLost)) return null
  return Math.max(...shown.map(({ state }) => state.dataUpdatedAt)) || null
}

const isLost = ({ state }: Query) => isUnreachable(state.error)
