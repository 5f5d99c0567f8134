/** Which artist, album or track others are to be similar to: chosen by the search. */
import { lazy, Suspense, useState } from 'react'
import type { Linked } from '../../../address/paths.ts'
import { useTexts } from '../../../language/language.tsx'
import { Button } from '../../../parts/button.tsx'
import { NamedItem } from '../named-item.tsx'
import type { Asked } from './asked.ts'
import styles from './similar.module.css'
import { texts } from './texts.ts'

const SearchDialog = lazy(() => import('../../../layout/search/search-dialog.tsx'))

interface ItemChoiceProps {
  asked: Asked
  onChoose: (kind: Linked, id: string) => void
}

export function ItemChoice({ asked, onChoose }: ItemChoiceProps) {
  const t = useTexts(texts)
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={styles.choice}>
      <Button onClick={() => setOpen(true)}>{t.chooseItem}</Button>
      {asked.to === 'item' && (
        <span>
          {t.similarTo} <NamedItem type={asked.kind} id={asked.id} />
        </span>
      )}
      <Suspense>{isOpen && <SearchDialog onClose={() => setOpen(false)} onChoose={onChoose} />}</Suspense>
    </div>
  )
}
