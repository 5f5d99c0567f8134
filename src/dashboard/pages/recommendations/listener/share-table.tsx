/** The shares of a score as a table: the five strongest items, the others, those that lower it, and what all of them make. */
import type { ReactNode } from 'react'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { texts as layoutTexts } from '../../../layout/texts.ts'
import { Explain } from '../../../parts/explain.tsx'
import { NamedItem } from '../named-item.tsx'
import { OthersSign, ShareNumber } from './share-bar.tsx'
import styles from './share-table.module.css'
import type { Shares } from './shares.ts'
import { texts } from './texts.ts'

export function ShareTable({ of, shares }: { of: string; shares: Shares }) {
  const t = useTexts(texts)
  const { kinds } = useTexts(layoutTexts)
  const { strongest, others, against, sum } = shares
  return (
    <table className={styles.table}>
      <caption className="unseen">{t.whyOf(of)}</caption>
      <thead>
        <tr>
          <th scope="col">{t.ownItem}</th>
          <th scope="col">
            {t.adds} <Explain figure="because" name={t.addsName} />
          </th>
        </tr>
      </thead>
      <tbody>
        {strongest.map((item, i) => (
          <Row key={`${item.type} ${item.id}`} sign={<ShareNumber index={i} />} share={item.share}>
            <NamedItem {...item} /> <span className={styles.soft}>{kinds[item.type]}</span>
          </Row>
        ))}
        {others.count > 0 && (
          <Row sign={<OthersSign />} share={others.share}>
            {t.others(others.count)}
          </Row>
        )}
        {against.count > 0 && (
          <Row sign={<span aria-hidden="true">−</span>} share={against.share}>
            {t.against(against.count)}
          </Row>
        )}
      </tbody>
      <tfoot>
        <Row sign={null} share={sum}>
          {t.sum}
        </Row>
      </tfoot>
    </table>
  )
}

interface RowProps {
  sign: ReactNode
  share: number
  children: ReactNode
}

function Row({ sign, share, children }: RowProps) {
  const { percent } = useFormats()
  return (
    <tr>
      <th scope="row">
        <span className={styles.named}>
          <span className={styles.sign}>{sign}</span>
          <span className={styles.name}>{children}</span>
        </span>
      </th>
      <td>{percent(share)}</td>
    </tr>
  )
}
