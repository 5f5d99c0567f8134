/** The plays of each release in its first days. */
import type { ArtistRelease } from '../../../../http/releases.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Entity } from '../../../parts/entity.tsx'
import { Explain } from '../../../parts/explain.tsx'
import styles from './releases.module.css'
import { texts } from './texts.ts'

/** As the API gives them. */
const FIRST_DAYS = [1, 7, 28]

export function ReleaseTable({ releases }: { releases: readonly ArtistRelease[] }) {
  const t = useTexts(texts)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className={styles.scrolled} tabIndex={0} aria-label={t.table}>
      <table className={styles.table}>
        <caption className="unseen">{t.table}</caption>
        <thead>
          <tr>
            <th scope="col">{t.release}</th>
            <th scope="col">
              {t.date} <Explain figure="releaseDate" name={t.dateName} />
            </th>
            {FIRST_DAYS.map(days => (
              <th key={days} scope="col">
                {t.firstDays[days]} <Explain figure="firstDays" name={t.firstDays[days] ?? ''} />
              </th>
            ))}
            <th scope="col">
              {t.all} <Explain figure="plays" name={t.all} />
            </th>
          </tr>
        </thead>
        <tbody>
          {releases.map(release => (
            <ReleaseRow key={release.key} release={release} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ReleaseRow({ release }: { release: ArtistRelease }) {
  const t = useTexts(texts)
  const { number, date } = useFormats()
  const { id, title, coverImage, releaseDate, releaseDateFrom, firstDays, plays } = release
  return (
    <tr>
      <th scope="row">
        <Entity kind="album" id={id} name={title ?? id} cover={coverImage} />
      </th>
      <td>
        {releaseDate === null ? '–' : date(releaseDate, 'UTC')}
        {releaseDateFrom === 'firstPlay' && <small>{t.byFirstPlay}</small>}
      </td>
      {FIRST_DAYS.map(days => {
        const found = firstDays.find(each => each.days === days)
        return (
          <td key={days}>
            {found ? number(found.plays) : '–'}
            {found && !found.isOver && <small>{t.soFar}</small>}
          </td>
        )
      })}
      <td>{number(plays)}</td>
    </tr>
  )
}
