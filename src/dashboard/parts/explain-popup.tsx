/** How a figure is counted, and what of it is not, beside the button that was pressed. */
import { Popover } from '@base-ui/react/popover'
import type { RefObject } from 'react'
import type { Definitions } from '../../http/definitions.ts'
import { useLanguage, useTexts } from '../language/language.tsx'
import { useAnswer } from '../requests/queries.ts'
import styles from './explain.module.css'
import { texts } from './texts.ts'

interface ExplainPopupProps {
  figure: string
  button: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

export default function ExplainPopup({ figure, button, onClose }: ExplainPopupProps) {
  const change = (isOpen: boolean, { event }: Popover.Root.ChangeEventDetails) => {
    // A press of the button closes it by itself; closed before that, it would be opened again.
    if (!isOpen && !button.current?.contains(event.target as Node)) onClose()
  }
  return (
    <Popover.Root open onOpenChange={change}>
      <Popover.Portal>
        <Popover.Positioner anchor={button} sideOffset={6} collisionPadding={12} className={styles.positioner}>
          <Popover.Popup className={styles.popup} finalFocus={button}>
            <Rule figure={figure} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Rule({ figure }: { figure: string }) {
  const t = useTexts(texts)
  const { language } = useLanguage()
  const { data, error } = useAnswer<Definitions>('/api/stats/definitions', {}, { refetchInterval: false })
  const found = data?.items.find(item => item.figure === figure)
  if (!found) return <p>{data || error ? t.noDefinition : '…'}</p>
  return (
    <>
      <Popover.Title className={styles.title}>{found.name[language]}</Popover.Title>
      <Popover.Description>{found.rule[language]}</Popover.Description>
      {found.excluded.length > 0 && (
        <>
          <p className={styles.label}>{t.notCounted}</p>
          <ul className={styles.excluded}>
            {found.excluded.map(each => (
              <li key={each.en}>{each[language]}</li>
            ))}
          </ul>
        </>
      )}
      <p className={styles.label}>
        {found.setting && <>{t.setting(found.setting.name, found.setting.value)} · </>}
        {t.definitions(data?.version ?? '')}
      </p>
    </>
  )
}
