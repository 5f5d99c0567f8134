/** The rule beside the number: a button that says how a figure is counted, as the service defines it. */
import { useId, useState } from 'react'
import type { Definitions } from '../../http/definitions.ts'
import { useLanguage, useTexts } from '../language/language.tsx'
import { useAnswer } from '../requests/queries.ts'
import styles from './explain.module.css'
import { texts } from './texts.ts'

/**
 * `figure` is the name of the figure's definition; `name` is what the page calls it. The browser's own popover: a page has
 * dozens of these, and one of a library takes longer to render than all the rest of them. Not inside a `<p>`.
 */
export function Explain({ figure, name }: { figure: string; name: string }) {
  const t = useTexts(texts)
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  return (
    <span className={styles.explain}>
      <button type="button" className={styles.button} popoverTarget={id} aria-label={t.explain(name)}>
        <span aria-hidden="true">?</span>
      </button>
      <div
        id={id}
        popover="auto"
        role="dialog"
        aria-label={t.explain(name)}
        tabIndex={-1}
        className={styles.popup}
        onBeforeToggle={({ newState }) => setOpen(newState === 'open')}
        // Who listens is set to the rule; the browser sets the focus back when it is closed.
        onToggle={({ newState, currentTarget }) => newState === 'open' && currentTarget.focus()}
      >
        {isOpen && <Rule figure={figure} />}
      </div>
    </span>
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
      <p className={styles.title}>{found.name[language]}</p>
      <p>{found.rule[language]}</p>
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
