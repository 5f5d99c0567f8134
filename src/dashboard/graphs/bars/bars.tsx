/** A ranked list with a bar behind each row: how much, and which share of all. */
import type { ReactNode } from 'react'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { texts } from '../texts.ts'
import styles from './bars.module.css'

interface BarRow {
  id: string
  /** A title, with its link where it has one. */
  name: ReactNode
  value: number
  /** Before the name, such as a cover. */
  before?: ReactNode
  /** After the value, such as a change. */
  after?: ReactNode
}

interface BarsProps {
  /** What the list is, for those who listen. */
  label: string
  /** Heads of the names and of the values. */
  heads: { name: string; value: string; after?: string | undefined }
  rows: readonly BarRow[]
  format: (value: number) => string
  /** Of all, also of what is not listed: adds the share of each row. */
  total?: number | undefined
}

export function Bars({ label, heads, rows, format, total }: BarsProps) {
  const { share } = useTexts(texts)
  const { percent } = useFormats()
  const most = Math.max(1, ...rows.map(({ value }) => value))
  const hasAfter = heads.after !== undefined
  return (
    <div className={styles.frame}>
      <table className={styles.bars}>
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{heads.name}</th>
            <th scope="col">{heads.value}</th>
            {total !== undefined && (
              <th scope="col" className={styles.share}>
                {share}
              </th>
            )}
            {hasAfter && <th scope="col">{heads.after}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, value, before, after }) => (
            <tr key={id}>
              <th scope="row">
                <span className={styles.row}>
                  <span className={styles.bar} style={{ inlineSize: `${(Math.max(0, value) / most) * 100}%` }} />
                  {before}
                  <span className={styles.name}>{name}</span>
                </span>
              </th>
              <td>{format(value)}</td>
              {total !== undefined && (
                <td className={`${styles.soft} ${styles.share}`}>{total > 0 ? percent(value / total) : ''}</td>
              )}
              {hasAfter && <td className={styles.soft}>{after}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
