/** A dialog over the page. It closes by Escape, by its button, and by a click beside it. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { type ReactNode, useRef } from 'react'
import { useTexts } from '../language/language.tsx'
import styles from './dialog.module.css'
import { texts } from './texts.ts'

interface DialogProps {
  title: ReactNode
  note?: ReactNode
  onClose: () => void
  children: ReactNode
}

export function Dialog({ title, note, onClose, children }: DialogProps) {
  const t = useTexts(texts)
  const popup = useRef<HTMLDivElement>(null)
  // Who is asked for something can write it at once.
  const firstField = () => popup.current?.querySelector<HTMLElement>('input, textarea, select') ?? true
  return (
    <Base.Root open onOpenChange={isOpen => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup ref={popup} className={styles.popup} initialFocus={firstField}>
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close className={styles.close} aria-label={t.close}>
              ×
            </Base.Close>
          </header>
          {note !== undefined && <Base.Description className={styles.note}>{note}</Base.Description>}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
