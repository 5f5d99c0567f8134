/** The rule beside the number: a button that says how a figure is counted, as the service defines it. */
import { Popover } from '@base-ui/react/popover'
import type { Definitions } from '../../http/definitions.ts'
import { useLanguage, useTexts } from '../language/language.tsx'
import { useAnswer } from '../requests/queries.ts'
import styles from './explain.module.css'
import { texts } from './texts.ts'

/** `figure` is the name of the figure's definition; `name` is what the page calls it. */
export function Explain({ figure, name }: { figure: string; name: string }) {
  const t = useTexts(texts)
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.button} aria-label={t.explain(name)}>
        <span aria-hidden="true">?</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} collisionPadding={12} className={styles.positioner}>
          <Popover.Popup className={styles.popup}>
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
