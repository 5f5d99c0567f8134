/** The rule beside the number: a button that says how a figure is counted, as the service defines it. */
import { lazy, Suspense, useRef, useState } from 'react'
import { useTexts } from '../language/language.tsx'
import styles from './explain.module.css'
import { texts } from './texts.ts'

// A page has dozens of these buttons, and few of them are ever pressed.
const ExplainPopup = lazy(() => import('./explain-popup.tsx'))

/** `figure` is the name of the figure's definition; `name` is what the page calls it. */
export function Explain({ figure, name }: { figure: string; name: string }) {
  const t = useTexts(texts)
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.button}
        aria-label={t.explain(name)}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span aria-hidden="true">?</span>
      </button>
      <Suspense>{isOpen && <ExplainPopup figure={figure} button={button} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
