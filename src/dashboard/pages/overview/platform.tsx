/** The six figures of the platform in a range of time, and their graph. */
import { useId } from 'react'
import type { PlatformKpis } from '../../../http/kpis.ts'
import { useView } from '../../address/view.ts'
import { KpiPanel } from '../../kpis/kpi-panel.tsx'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { RangeBar } from '../../layout/range-bar.tsx'
import { useAnswer } from '../../requests/queries.ts'
import styles from './overview.module.css'
import { texts } from './texts.ts'

const PATH = '/api/stats/overview'

export function Platform() {
  const t = useTexts(texts)
  const { number } = useFormats()
  const heading = useId()
  const { comparedQuery, interval } = useView()
  // The same question as the panel's, which is asked once.
  const { data } = useAnswer<PlatformKpis>(PATH, { ...comparedQuery, interval })
  return (
    <section aria-labelledby={heading}>
      <header className={styles.header}>
        <div>
          <h2 id={heading} className={styles.heading}>
            {t.platform}
          </h2>
          <p className={styles.note}>{data && t.active(number(data.activeTracks), number(data.activeArtists))}</p>
        </div>
        <RangeBar />
      </header>
      <KpiPanel path={PATH} of={t.platform} />
    </section>
  )
}
