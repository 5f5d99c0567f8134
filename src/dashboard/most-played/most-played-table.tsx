/** Tracks or albums, each with its cover, a bar of what the order is by, its listeners, likes, and how much its plays grew. */
import type { MostPlayedRow } from '../../http/most-played.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { Change } from '../parts/change.tsx'
import { Entity } from '../parts/entity.tsx'
import { Explain } from '../parts/explain.tsx'
import styles from './most-played.module.css'
import { FIGURES, type Sort, weightOf } from './sorts.ts'
import { texts } from './texts.ts'

interface MostPlayedTableProps {
  /** What the table is, for those who listen. */
  label: string
  kind: 'tracks' | 'albums'
  rows: readonly MostPlayedRow[]
  sort: Sort
}

const COUNTS = ['plays', 'listeners', 'likes'] as const

export function MostPlayedTable({ label, kind, rows, sort }: MostPlayedTableProps) {
  const t = useTexts(texts)
  const most = Math.max(...rows.map(row => weightOf(row, sort)))
  const isCompared = rows.some(row => row.change !== undefined)
  return (
    <table className={styles.table}>
      <caption className="unseen">{label}</caption>
      <thead>
        <tr>
          <th scope="col">{t.heads[kind]}</th>
          {COUNTS.map(count => (
            <th key={count} scope="col" className={classOf(count, sort)}>
              <span className={styles.head}>
                <span title={t.by[count]}>{t.short[count]}</span> <Explain figure={FIGURES[count]} name={t.by[count]} />
              </span>
            </th>
          ))}
          {isCompared && (
            <th scope="col">
              <span className={styles.head}>
                {t.change} <Explain figure={sort === 'growth' ? 'score' : 'change'} name={t.change} />
              </span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <Row key={row.key} row={row} sort={sort} share={most > 0 ? weightOf(row, sort) / most : 0} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, sort, share }: { row: MostPlayedRow; sort: Sort; share: number }) {
  const { number } = useFormats()
  return (
    <tr>
      <th scope="row">
        <span className={styles.named}>
          <span className={styles.bar} style={{ inlineSize: `${Math.max(0, share) * 100}%` }} />
          <Entity kind={row.type} id={row.id} name={row.title ?? row.id} cover={row.coverImage} />
        </span>
      </th>
      {COUNTS.map(count => (
        <td key={count} className={classOf(count, sort)}>
          {number(weightOf(row, count))}
        </td>
      ))}
      {row.change !== undefined && (
        <td>
          <Change percent={row.change} earlier={number(row.previousPlays ?? 0)} />
        </td>
      )}
    </tr>
  )
}

/** The column of the order; the others leave where there is no room. */
function classOf(column: (typeof COUNTS)[number], sort: Sort): string | undefined {
  return column === (sort === 'growth' ? 'plays' : sort) ? styles.chosen : styles.other
}
