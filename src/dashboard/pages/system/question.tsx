/** A question before something that nothing brings back. */
import { useTexts } from '../../language/language.tsx'
import { Dialog } from '../../layout/dialog.tsx'
import { Button } from '../../parts/button.tsx'
import styles from './question.module.css'
import { texts } from './texts.ts'

interface QuestionProps {
  title: string
  /** What will happen. */
  note: string
  /** The verb of the button that does it. */
  yes: string
  onYes: () => void
  onClose: () => void
}

export default function Question({ title, note, yes, onYes, onClose }: QuestionProps) {
  const t = useTexts(texts)
  const answer = () => {
    onClose()
    onYes()
  }
  return (
    <Dialog title={title} note={note} onClose={onClose}>
      <div className={styles.buttons}>
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button className={styles.yes} onClick={answer}>
          {yes}
        </Button>
      </div>
    </Dialog>
  )
}
