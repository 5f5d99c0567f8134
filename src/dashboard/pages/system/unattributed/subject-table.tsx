/** The table of what is attributed to no artist; on a phone it scrolls inside itself. */
import { Link } from 'wouter'
import type { UnattributedPage } from '../../../../http/unattributed.ts'
import { useLinks } from '../../../address/paths.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { texts } from './texts.ts'
import styles from './unattributed.module.css'

type Subject = UnattributedPage['items'][number]

const COUNTS = ['plays', 'likes', 'follows', 'purchases', 'total'] as const

export function SubjectTable({ subjects }: { subjects: readonly Subject[] }) {
  const t = useTexts(texts)
  const { number, dateTime } = useFormats()
  const { tz } = useView()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.subject}</th>
            {COUNTS.map(count => (
              <th key={count} scope="col" className={styles.number}>
                {t.counts[count]}
              </th>
            ))}
            <th scope="col" className={styles.last}>
              {t.last}
            </th>
          </tr>
        </thead>
        <tbody>
          {subjects.map(subject => (
            <tr key={subject.subject}>
              <th scope="row">
                <SubjectName subject={subject} />
              </th>
              {COUNTS.map(count => (
                <td key={count} className={styles.number}>
                  {number(subject[count])}
                </td>
              ))}
              <td className={styles.last}>{subject.lastEventAt && dateTime(subject.lastEventAt, tz)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SubjectName({ subject: { kind, id, name } }: { subject: Subject }) {
  const t = useTexts(texts)
  const links = useLinks()
  if (id === null) return t.kinds.none
  return (
    <>
      <span className={styles.kind}>{t.kinds[kind]}</span>{' '}
      <Link href={links.entity(kind === 'album' ? 'album' : 'artist', kind === 'album' ? id : (name ?? id))}>
        {kind === 'album' ? id : (name ?? id)}
      </Link>
      {kind === 'album' && name !== null && <span className={styles.kind}> {t.boundTo(name)}</span>}
    </>
  )
}
