/** A ranking of tracks, artists or albums: position, movement, picture, name, and by what it is ordered, with a bar. */
import type { ReactNode } from 'react'
import type { TrendingRow } from '../../http/trending.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { Entity } from '../parts/entity.tsx'
import { Position } from './position.tsx'
import { figureOf, type RankingQuestion } from './question.ts'
import styles from './ranking.module.css'
import { texts } from './texts.ts'

/** A column between the name and the value; it lies below them where there is no room. */
export interface RankingColumn {
  name: string
  cell: (row: TrendingRow) => ReactNode
}

interface RankingProps {
  /** What the table is, for those who listen. */
  label: string
  question: Pick<RankingQuestion, 'kind' | 'mode'>
  rows: readonly TrendingRow[]
  /** With one, the heads of all columns are shown; without, the ranking suits a narrow place. */
  column?: RankingColumn
}

/** The bars show what the order is by: the count, or the score of growth. */
export function Ranking({ label, question, rows, column }: RankingProps) {
  const t = useTexts(texts)
  const { kind, mode } = question
  const value = mode === 'rising' ? t.increase : t.figures[figureOf(question)]
  const most = Math.max(...rows.map(weightOf))
  return (
    <table className={column ? `${styles.ranking} ${styles.detailed}` : styles.ranking}>
      <caption className="unseen">{label}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">{t.position}</span>
          </th>
          <th scope="col">{t.name[kind]}</th>
          {column && <th scope="col">{column.name}</th>}
          <th scope="col">{value}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.key}>
            <td>
              <Position row={row} />
            </td>
            <th scope="row">
              <Named row={row} share={weightOf(row) / most} />
            </th>
            {column && (
              <td className={styles.further}>
                <span className={styles.label} aria-hidden="true">
                  {column.name}
                </span>
                {column.cell(row)}
              </td>
            )}
            <td className={styles.value}>
              <Value row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function weightOf({ score, count }: TrendingRow): number {
  return score ?? count
}

function Named({ row, share }: { row: TrendingRow; share: number }) {
  const { type } = row
  return (
    <span className={styles.named}>
      <span className={styles.bar} style={{ inlineSize: `${share * 100}%` }} />
      <Entity
        kind={type}
        id={type === 'artist' ? (row.entityId ?? row.id) : row.id}
        name={row.title ?? row.name ?? row.id}
        cover={row.coverImage ?? row.profileImage}
        artist={row.artistName}
      />
    </span>
  )
}

/** The count; of a rising row how much it grew, from what to what. */
function Value({ row: { count, growth } }: { row: TrendingRow }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  if (!growth) return number(count)
  const [before, now] = [number(growth.previousCount), number(growth.count)]
  return (
    <>
      +{number(growth.count - growth.previousCount)}
      <span className={styles.parts} title={t.beforeAndNow(before, now)}>
        <span aria-hidden="true">
          {before} → {now}
        </span>
        <span className="unseen">{t.beforeAndNow(before, now)}</span>
      </span>
    </>
  )
}
