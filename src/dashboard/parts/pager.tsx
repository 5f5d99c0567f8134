/** Leads to the next page of a list, and back to the first one. Which page is shown stands in the address. */
import { useParameters } from '../address/parameters.ts'
import { useTexts } from '../language/language.tsx'
import { Button } from './button.tsx'
import styles from './pager.module.css'
import { texts } from './texts.ts'

interface PagerProps {
  /** What the list is called. */
  list: string
  /** The parameter of the address that holds the cursor. */
  parameter: string
  /** The cursor of the next page; null on the last one. */
  next: string | null
}

export function Pager({ list, parameter, next }: PagerProps) {
  const t = useTexts(texts)
  const { parameters, change } = useParameters()
  const isFirst = !parameters.has(parameter)
  if (isFirst && next === null) return null
  return (
    <nav className={styles.pager} aria-label={t.pagesOf(list)}>
      <Button disabled={isFirst} onClick={() => change({ [parameter]: null })}>
        {t.firstPage}
      </Button>
      <Button disabled={next === null} onClick={() => change({ [parameter]: next })}>
        {t.nextPage}
      </Button>
    </nav>
  )
}
