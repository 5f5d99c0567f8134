/** What led to a recommendation: the listener's own items with their shares, as a small bar, and as a table on demand. */
import { useState } from 'react'
import type { OwnItem } from '../../../../http/recommendations.ts'
import { useTexts } from '../../../language/language.tsx'
import { ShareBar } from './share-bar.tsx'
import { ShareTable } from './share-table.tsx'
import { sharesOf } from './shares.ts'
import { texts } from './texts.ts'
import styles from './why.module.css'

export function Why({ of, because }: { of: string; because: readonly OwnItem[] }) {
  const t = useTexts(texts)
  const [isOpen, setOpen] = useState(false)
  const shares = sharesOf(because)
  return (
    <details onToggle={event => setOpen(event.currentTarget.open)}>
      <summary className={styles.summary}>
        <span className={styles.word}>
          {t.why}
          <span className="unseen">: {of}</span>
        </span>
        <ShareBar shares={shares} />
      </summary>
      {/* Names that the answer does not have are searched for, which a list of a hundred would do for hundreds. */}
      {isOpen && <ShareTable of={of} shares={shares} />}
    </details>
  )
}
