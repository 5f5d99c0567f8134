/** How many rows a list has, kept in the address, and a button for more. */
import type { UseQueryResult } from '@tanstack/react-query'
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

/** A button for more rows; nothing where the answer has all, or no more can be asked for. It stays while they are loaded. */
export function MoreRows({ query: { data, isPlaceholderData } }: { query: UseQueryResult<readonly unknown[]> }) {
  const t = useTexts(texts)
  const [limit, choose] = useChoice('limit', LIMITS)
  const next = LIMITS[LIMITS.indexOf(limit) + 1]
  if (data === undefined || next === undefined || (data.length < Number(limit) && !isPlaceholderData)) return null
  return (
    <Button className={styles.more} onClick={() => choose(next)}>
      {t.more}
    </Button>
  )
}
