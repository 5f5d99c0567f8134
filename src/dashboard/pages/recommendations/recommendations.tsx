/** The page of recommendations: what a listener may like, and what is similar. */
import { useTexts } from '../../language/language.tsx'
import { texts as layoutTexts } from '../../layout/texts.ts'
import { Title } from '../../parts/title.tsx'
import { ListenerCard } from './listener-card.tsx'
import styles from './recommendations.module.css'
import { SimilarCard } from './similar-card.tsx'
import { texts } from './texts.ts'

export default function Recommendations() {
  const t = useTexts(texts)
  const { recommendations } = useTexts(layoutTexts)
  return (
    <>
      <Title note={t.note}>{recommendations}</Title>
      <div className={styles.page}>
        <ListenerCard />
        <SimilarCard />
      </div>
    </>
  )
}
