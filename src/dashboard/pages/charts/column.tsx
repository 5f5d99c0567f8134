/** The column that says how the value of each row comes about: of plays what was excluded, of growth the score's parts. */
import type { TrendingRow } from '../../../http/trending.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import type { RankingQuestion } from '../../rankings/question.ts'
import type { RankingColumn } from '../../rankings/ranking.tsx'
import { texts as rankingTexts } from '../../rankings/texts.ts'
import styles from './charts.module.css'
import { texts } from './texts.ts'

export function useColumn({ kind, mode }: RankingQuestion, rows: readonly TrendingRow[]): RankingColumn {
  const t = useTexts(texts)
  const { figures } = useTexts(rankingTexts)
  if (mode === 'rising') {
    const most = Math.max(...rows.flatMap(({ count, previousCount }) => [count, previousCount]))
    return {
      name: figures.score,
      cell: row => <ScoreParts row={row} most={most} />,
    }
  }
  if (kind === 'artists') return { name: t.before, cell: row => <Before count={row.previousCount} /> }
  return { name: t.counted, cell: row => <CountedPlays row={row} /> }
}

function Before({ count }: { count: number }) {
  const { number } = useFormats()
  return number(count)
}

/** All counted plays, and how many of them are not eligible, and why. */
function CountedPlays({ row: { plays = 0, excluded = [] } }: { row: TrendingRow }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  return (
    <span className={styles.parts}>
      <span>{number(plays)}</span>
      {excluded.map(({ reason, plays }) => (
        <span key={reason} className={styles.part}>
          −{number(plays)} {t.reasons[reason]}
        </span>
      ))}
    </span>
  )
}

/** Now and before as two bars, and the score with the division that makes it. */
function ScoreParts({ row: { score = 0, growth }, most }: { row: TrendingRow; most: number }) {
  const { number } = useFormats()
  if (!growth) return null
  const { count, previousCount, shrinkage } = growth
  const widthOf = (value: number) => ({ inlineSize: `${(Math.max(0, value) / most) * 100}%` })
  return (
    <span className={styles.score}>
      {/* The numbers are beside it. */}
      <span className={styles.bars} aria-hidden="true">
        <span className={styles.before} style={widthOf(previousCount)} />
        <span className={styles.now} style={widthOf(count)} />
      </span>
      <span className={styles.parts}>
        <span>{number(score)}</span>
        <span className={styles.part}>
          {number(count - previousCount)} / √{number(count + previousCount + shrinkage)}
        </span>
      </span>
    </span>
  )
}
