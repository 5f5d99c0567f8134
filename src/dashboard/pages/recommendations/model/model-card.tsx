/** The model: what it was made of, whether a new one is being made, and how good it is on days that it has not seen. */

import type { RecommendationModel } from '../../../../http/recommendation-model.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { SkeletonRows } from '../../../parts/skeleton.tsx'
import { Evaluation } from './evaluation.tsx'
import { KindTable } from './kind-table.tsx'
import styles from './model.module.css'
import { useModel } from './model.ts'
import { texts } from './texts.ts'
import { Training } from './training.tsx'

export function ModelCard() {
  const t = useTexts(texts)
  return (
    <Card title={t.model} note={t.modelNote}>
      <Answer query={useModel()} skeleton={<SkeletonRows rows={8} height="2.5rem" />}>
        {model => <Model model={model} />}
      </Answer>
    </Card>
  )
}

function Model({ model }: { model: RecommendationModel }) {
  return (
    <div className={styles.model}>
      <Training model={model} />
      {model.kinds.length > 0 && <KindTable kinds={model.kinds} />}
      {model.version !== null && <Evaluation evaluation={model.evaluation} />}
    </div>
  )
}
