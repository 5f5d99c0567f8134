/** The foot of every page: where the figures come from, for those who want to read them by machine. */
import type { Definitions } from '../../http/definitions.ts'
import { useTexts } from '../language/language.tsx'
import { useAnswer } from '../requests/queries.ts'
import styles from './footer.module.css'
import { texts } from './texts.ts'

export function Footer() {
  const t = useTexts(texts)
  const { data } = useAnswer<Definitions>('/api/stats/definitions', {}, { refetchInterval: false })
  return (
    <footer className={styles.footer}>
      <nav aria-label={t.more}>
        <a href="/api/docs">{t.documentation}</a>
        <a href="/api/openapi.yaml">OpenAPI</a>
        <a href="/healthz">{t.health}</a>
        <a href="/metrics">{t.metrics}</a>
      </nav>
      {data && <a href="/api/stats/definitions">{t.definitions(data.version)}</a>}
    </footer>
  )
}
