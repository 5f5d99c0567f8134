/** Releases with the plays of their first days, in a table. */
import { Link } from 'wouter'
import type { ArtistRelease } from '../../http/releases.ts'
import { useLinks } from '../address/paths.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { Cover } from '../parts/cover.tsx'
import { Explain } from '../parts/explain.tsx'
import styles from './first-days-table.module.css'
import { texts } from './texts.ts'
import { titleOf } from './titles.ts'

/** Of the answer's `firstDays`. */
const DAYS = [1, 7, 28]

interface FirstDaysTableProps {
  releases: readonly ArtistRelease[]
  /** The album whose page this is. */
  here?: string
}

export function FirstDaysTable({ releases, here }: FirstDaysTableProps) {
  const t = useTexts(texts)
  const links = useLinks()
  const { number } = useFormats()
  return (
    <table className={styles.table}>
      <caption className="unseen">{t.sinceRelease}</caption>
      <thead>
        <tr>
          <th scope="col">
            {t.release} <Explain figure="releaseDate" name={t.releaseDate} />
          </th>
          {DAYS.map(days => (
            <th key={days} scope="col">
              {t.firstDays(days, number(days))}
            </th>
          ))}
          <th scope="col">{t.allPlays}</th>
        </tr>
      </thead>
      <tbody>
        {releases.map(release => (
          <tr key={release.id}>
            <th scope="row">
              <span className={styles.release}>
                <Cover src={release.coverImage} name={titleOf(release)} size={32} />
                <span className={styles.name}>
                  <Link
                    href={links.entity('album', release.id)}
                    title={titleOf(release)}
                    aria-current={release.id === here ? 'page' : undefined}
                  >
                    {titleOf(release)}
                  </Link>
                  <ReleaseDate release={release} />
                </span>
              </span>
            </th>
            {DAYS.map(days => (
              <FirstDays key={days} found={release.firstDays.find(each => each.days === days)} />
            ))}
            <td>{number(release.plays)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function FirstDays({ found }: { found: ArtistRelease['firstDays'][number] | undefined }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  if (!found) return <td className={styles.soft}>–</td>
  return (
    <td>
      {number(found.plays)}
      {!found.isOver && <span className={styles.soft}>{t.soFar}</span>}
    </td>
  )
}

/** When it was released, and how that is known. */
export function ReleaseDate({ release }: { release: Pick<ArtistRelease, 'releaseDate' | 'releaseDateFrom'> }) {
  const t = useTexts(texts)
  const { date } = useFormats()
  const { releaseDate, releaseDateFrom } = release
  if (releaseDate === null) return <span className={styles.soft}>{t.noDate}</span>
  // A day is no instant: it is written as it is, in whatever zone.
  const day = date(releaseDate, 'UTC')
  return <span className={styles.soft}>{releaseDateFrom === 'firstPlay' ? t.firstPlayed(day) : t.released(day)}</span>
}
