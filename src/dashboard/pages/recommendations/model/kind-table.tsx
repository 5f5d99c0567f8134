/** What each of the models was trained from: how many listeners, items, and pairs of both. */

import type { RecommendationModel } from '../../../../http/recommendation-model.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import styles from './model.module.css'
import { texts } from './texts.ts'

const COUNTS = ['listeners', 'items', 'pairs', 'dimensions'] as const
const KINDS = ['artist', 'album', 'track'] as const

export function KindTable({ kinds }: Pick<RecommendationModel, 'kinds'>) {
  const t = useTexts(texts)
  const { number } = useFormats()
  return (
    <table className={styles.table}>
      <caption>{t.trainedFrom}</caption>
      <thead>
        <tr>
          <th scope="col">{t.kind}</th>
          {COUNTS.map(count => (
            <th key={count} scope="col">
              {t.counts[count]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {KINDS.map(kind => {
          const found = kinds.find(each => each.kind === kind)
          return (
            <tr key={kind}>
              <th scope="row">{t.kinds[kind]}</th>
              {found ? (
                COUNTS.map(count => <td key={count}>{number(found[count])}</td>)
              ) : (
                <td colSpan={COUNTS.length}>{t.tooFew}</td>
              )}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
