/** The table behind a time graph: all that the graph says, the latest first, a hundred rows at a time. */
import { useMemo, useState } from 'react'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Button } from '../../parts/button.tsx'
import { texts } from '../texts.ts'
import { type GraphData, linesOf } from './graph-data.ts'
import { type Readout, type ReadoutValue, readoutsOf } from './readout.ts'
import styles from './series-table.module.css'

/** So that a table of ten thousand points is drawn as quickly as a short one. */
const ROWS = 100

export function SeriesTable({ data, label }: { data: GraphData; label: string }) {
  const text = useTexts(texts)
  const formats = useFormats()
  const readouts = useMemo(() => readoutsOf(data, linesOf(data), formats, text), [data, formats, text])
  const [passed, setPassed] = useState(0)
  const count = data.points.length
  const first = passed < count ? passed : 0
  const shown = Array.from({ length: Math.min(ROWS, count - first) }, (_, i) => count - 1 - first - i)
  const hasMarks = (data.marks ?? []).length > 0
  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section className={styles.scroll} aria-label={label} tabIndex={0}>
        <table className={styles.table}>
          <caption className="unseen">{label}</caption>
          <thead>
            <tr>
              <th scope="col" aria-sort="descending">
                {data.x === 'days' ? text.days : text.dates}
              </th>
              {data.series.map(({ name }, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two releases may have one title
                <th key={i} scope="col">
                  {name}
                </th>
              ))}
              {data.earlier && <th scope="col">{data.earlier.name}</th>}
              {data.earlier && <th scope="col">{text.change}</th>}
              {hasMarks && <th scope="col">{text.marks}</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map(index => (
              <Row key={index} readout={readouts(index)} hasMarks={hasMarks} notOver={text.notOver} />
            ))}
          </tbody>
        </table>
      </section>
      {count > ROWS && (
        <p className={styles.pages}>
          <Button disabled={first === 0} onClick={() => setPassed(first - ROWS)}>
            {text.later}
          </Button>
          <span aria-live="polite">
            {text.rows(formats.number(first + 1), formats.number(first + shown.length), formats.number(count))}
          </span>
          <Button disabled={first + ROWS >= count} onClick={() => setPassed(first + ROWS)}>
            {text.sooner}
          </Button>
        </p>
      )}
    </div>
  )
}

function Row({ readout, hasMarks, notOver }: { readout: Readout; hasMarks: boolean; notOver: string }) {
  const { when, values, earlier, change, marks } = readout
  return (
    <tr>
      <th scope="row">{when}</th>
      {values.map((each, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two releases may have one title
        <Value key={i} of={each} notOver={notOver} />
      ))}
      {earlier && <Value of={earlier} notOver={notOver} />}
      {earlier && <td>{change}</td>}
      {hasMarks && (
        <td className={styles.marks}>
          {marks.map(({ at, label, href }) => (
            <span key={`${at} ${label}`}>{href ? <a href={href}>{label}</a> : label}</span>
          ))}
        </td>
      )}
    </tr>
  )
}

function Value({ of: { value, when, isOpen }, notOver }: { of: ReadoutValue; notOver: string }) {
  const note = [when, isOpen && notOver].filter(Boolean).join(', ')
  return (
    <td>
      {value}
      {note && <small>{note}</small>}
    </td>
  )
}
