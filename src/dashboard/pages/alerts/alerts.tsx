/** The alerts so far, what became of their mail, and whether the mail server answers. */
import { useTexts } from '../../language/language.tsx'
import { Title } from '../../parts/title.tsx'
import styles from './alerts.module.css'
import { History } from './history.tsx'
import { MailServer } from './mail-server.tsx'
import { States } from './states.tsx'
import { texts } from './texts.ts'

export default function Alerts() {
  const t = useTexts(texts)
  return (
    <>
      <Title note={t.note}>{t.title}</Title>
      <div className={styles.page}>
        <History />
        <div className={styles.aside}>
          <MailServer />
          <States />
        </div>
      </div>
    </>
  )
}
