/** The keys that work on this page, and a switch for those who use single keys for something else. */
import { useTexts } from '../language/language.tsx'
import { Dialog } from './dialog.tsx'
import styles from './keys-dialog.module.css'
import { useShortcutList } from './shortcuts.tsx'
import { texts } from './texts.ts'

export default function KeysDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts)
  const { list, isOn, setOn } = useShortcutList()
  return (
    <Dialog title={t.keys} note={t.keysNote} onClose={onClose}>
      <dl className={styles.keys}>
        {list().map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className={styles.switch}>
        <input type="checkbox" checked={isOn} onChange={event => setOn(event.target.checked)} /> {t.keysOn}
      </label>
    </Dialog>
  )
}
