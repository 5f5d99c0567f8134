/** What operators look at: health, rates, the catalogue, the cache, and the events that no artist's figures contain. */
import { useTexts } from '../../language/language.tsx'
import { Title } from '../../parts/title.tsx'
import { Cache } from './cache/cache.tsx'
import { Catalogue } from './catalogue/catalogue.tsx'
import { DeadLetters } from './dead-letters/dead-letters.tsx'
import { SetAside } from './dead-letters/set-aside.tsx'
import { Health } from './health/health.tsx'
import { Now } from './health/now.tsx'
import styles from './system.module.css'
import { texts } from './texts.ts'
import { Unattributed } from './unattributed/unattributed.tsx'

export default function System() {
  const t = useTexts(texts)
  return (
    <>
      <Title note={t.note}>{t.title}</Title>
      <div className={styles.page}>
        <Now />
        <Health />
        <div className={styles.pair}>
          <Catalogue />
          <Cache />
        </div>
        <DeadLetters />
        <SetAside />
        <Unattributed />
      </div>
    </>
  )
}
