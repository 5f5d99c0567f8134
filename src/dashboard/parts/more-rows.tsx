/** How many rows a list has, kept in the address, and a button for more. */
import { useChoice } from '../address/parameters.ts'
import { useTexts } from '../language/language.tsx'
import { Button } from './button.tsx'
import styles from './more-rows.module.css'
import { texts } from './texts.ts'

/** No list of the service has more than 100 rows at once. */
const LIMITS = ['20', '50', '100'] as const

/** The number of rows to ask for. */
export function useLimit(): number {
  return Number(useChoice('limit', LIMITS)[0])
}

/** A button for more rows; nothing where there are no more, or no more than these can be asked for. */
export function MoreRows({ shown }: { shown: number }) {
  const t = useTexts(texts)
  const [limit, choose] = useChoice('limit', LIMITS)
  const next = LIMITS[LIMITS.indexOf(limit) + 1]
  if (next === undefined || shown < Number(limit)) return null
  return (
    <Button className={styles.more} onClick={() => choose(next)}>
      {t.more}
    </Button>
  )
}
