/** What failed, and what can be done. */
import { useTexts } from '../language/language.tsx'
import { keyStore } from '../requests/key.ts'
import { isUnreachable, RequestError } from '../requests/request.ts'
import { Button } from './button.tsx'
import styles from './problem.module.css'
import { texts } from './texts.ts'

/** `title` says what failed, where it is not that something could not be loaded. */
export function Problem({ error, title, onRetry }: { error: Error; title?: string; onRetry: () => void }) {
  const t = useTexts(texts)
  const needsKey = error instanceof RequestError && error.status === 401
  return (
    <div className={styles.problem} role="alert">
      <p className={styles.title}>{needsKey ? t.keyNeeded : (title ?? t.failed)}</p>
      <p>{isUnreachable(error) ? t.unreachable : error.message}</p>
      {error instanceof RequestError && error.requestId && <p className={styles.id}>{error.requestId}</p>}
      {needsKey ? <Button onClick={keyStore.ask}>{t.giveKey}</Button> : <Button onClick={onRetry}>{t.tryAgain}</Button>}
    </div>
  )
}
