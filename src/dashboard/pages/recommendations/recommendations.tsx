/** The page of recommendations: what a listener may like and why, what is similar, the model, and what becomes of it all. */
import { useTexts } from '../../language/language.tsx'
import { texts as layoutTexts } from '../../layout/texts.ts'
import { Title } from '../../parts/title.tsx'
import { ListenerCard } from './listener/listener-card.tsx'
import { ModelCard } from './model/model-card.tsx'
import { PerformanceCard } from './performance/performance-card.tsx'
import styles from './recommendations.module.css'
import { SimilarCard } from './similar/similar-card.tsx'
import { texts } from './texts.ts'

export default function Recommendations() {
  const t = useTexts(texts)
  const { recommendations } = useTexts(layoutTexts)
  return (
    <>
      <Title note={t.note}>{recommendations}</Title>
      <div className={styles.page}>
        <ListenerCard />
        <div className={styles.beside}>
          <SimilarCard />
          <ModelCard />
          <PerformanceCard />
        </div>
      </div>
    </>
  )
}
