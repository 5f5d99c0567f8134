/** What an answer looks like in each of its states: loading, failed, old because it could not be renewed, empty, there. */
import { type ReactNode, useDeferredValue } from 'react'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { isUnreachable } from '../requests/request.ts'
import styles from './answer.module.css'
import { Problem } from './problem.tsx'
import { texts } from './texts.ts'

/** What it reads of a query, of one answer or of several pages. */
interface AnswerQuery<T> {
  data: T | undefined
  error: Error | null
  isPlaceholderData: boolean
  dataUpdatedAt: number
  refetch: () => Promise<unknown>
}

interface AnswerProps<T> {
  query: AnswerQuery<T>
  /** Shown while there is nothing yet; it has the size of what comes, so that nothing jumps. */
  skeleton: ReactNode
  /** Whether there is nothing to show, and what to show then. */
  empty?: { when: (answer: T) => boolean; show: ReactNode }
  /** Whether it is what the reader looks at first, and so comes before all else. */
  isFirst?: boolean
  children: (answer: T) => ReactNode
}

export function Answer<T>({ query, skeleton, empty, isFirst = false, children }: AnswerProps<T>) {
  const { error, isPlaceholderData } = query
  // What takes long to show is rendered in small pieces, between which the page answers the reader.
  const deferred = useDeferredValue(query.data)
  const data = isFirst ? query.data : deferred
  if (data === undefined) {
    return error ? (
      <Problem error={error} onRetry={() => void query.refetch()} />
    ) : (
      <div aria-busy="true">{skeleton}</div>
    )
  }
  const isOld = error !== null
  // That the service does not answer is said once, for the whole page.
  // Those of the question before, until those of this one come.
  const isWaiting = isPlaceholderData && !isOld
  return (
    <>
      {isOld && !isUnreachable(error) && <Stale at={query.dataUpdatedAt} onRetry={() => void query.refetch()} />}
      <div className={isOld || isWaiting ? styles.old : undefined} aria-busy={isWaiting}>
        {empty?.when(data) ? empty.show : children(data)}
      </div>
    </>
  )
}

function Stale({ at, onRetry }: { at: number; onRetry: () => void }) {
  const t = useTexts(texts)
  const { dateParts } = useFormats()
  const time = dateParts(at, Intl.DateTimeFormat().resolvedOptions().timeZone, { timeStyle: 'medium' })
  return (
    <p className={styles.stale} role="status">
      {t.stale(time)}{' '}
      <button type="button" onClick={onRetry}>
        {t.tryAgain}
      </button>
    </p>
  )
}
