/** Which model there is, or why there is none yet, and what its training does at this moment. */

import type { RecommendationModel } from '../../../../http/recommendation-model.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { State } from '../../../parts/state.tsx'
import styles from './model.module.css'
import { texts } from './texts.ts'

export function Training({ model: { version, trainedAt, tookMs, training } }: { model: RecommendationModel }) {
  const t = useTexts(texts)
  const { tz } = useView()
  const { dateTime, number } = useFormats()
  return (
    <div className={styles.training}>
      {version === null || trainedAt === null ? (
        <>
          <State kind="none">{t.noModel}</State>
          <p>{t.whatItTakes}</p>
        </>
      ) : (
        <>
          <State kind="good">{t.version(version)}</State>
          <p>{t.trained(dateTime(trainedAt, tz), number((tookMs ?? 0) / 1000))}</p>
        </>
      )}
      {training.state === 'training' && <State kind="waiting">{t.training}</State>}
      {training.error !== null && (
        <div role="status">
          <State kind="bad">{t.failed(training.lastFailedAt ? dateTime(training.lastFailedAt, tz) : '')}</State>
          <p>{training.error}</p>
          {version !== null && <p>{t.oldStays}</p>}
        </div>
      )}
    </div>
  )
}
