/** Counted events as a table, the newest first. */
import { Fragment, memo } from 'react'
import { Link } from 'wouter'
import type { CountedEvent, CountedEventPage } from '../../../../http/artist-events.ts'
import { useLinks } from '../../../address/paths.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import styles from './events.module.css'
import { texts } from './texts.ts'

export function EventRows({ pages }: { pages: readonly CountedEventPage[] }) {
  const t = useTexts(texts)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className={styles.scrolled} tabIndex={0} aria-label={t.rows}>
      <table className={styles.table}>
        <caption className="unseen">{t.rows}</caption>
        <thead>
          <tr>
            <th scope="col">{t.at}</th>
            <th scope="col">{t.event}</th>
            <th scope="col">{t.track}</th>
            <th scope="col">{t.listener}</th>
            <th scope="col">
              {t.counts} <Explain figure="counts" name={t.counts} />
            </th>
            <th scope="col">{t.amount}</th>
          </tr>
        </thead>
        <tbody>
          {pages.map(({ items }, page) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pages stay in their places
            <Rows key={page} items={items} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A page of rows, which is not rendered again when the next one comes. */
const Rows = memo(function Rows({ items }: { items: readonly CountedEvent[] }) {
  return (
    <>
      {items.map((event, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an event may have several rows, and rows stay in their places
        <Fragment key={place}>
          <Row event={event} />
        </Fragment>
      ))}
    </>
  )
})

function Row({ event: { at, eventType, listener, counts, amount, currency, ...of } }: { event: CountedEvent }) {
  const t = useTexts(texts)
  const { tz } = useView()
  const { dateParts, money } = useFormats()
  return (
    <tr>
      <th scope="row">
        <time dateTime={at}>{dateParts(at, tz, { dateStyle: 'medium', timeStyle: 'medium' })}</time>
      </th>
      <td>{t.types[eventType]}</td>
      <td>
        <Release {...of} />
      </td>
      <td>{listener ?? t.anonymous}</td>
      <td className={styles.figure}>{counts > 0 ? `+${counts}` : counts}</td>
      <td className={styles.figure}>{amount !== null && currency !== null && money(amount, currency)}</td>
    </tr>
  )
}

function Release({ trackKey, albumId, title }: Pick<CountedEvent, 'trackKey' | 'albumId' | 'title'>) {
  const links = useLinks()
  const id = trackKey ?? albumId
  if (id === null) return '–'
  return <Link href={links.entity(trackKey === null ? 'album' : 'track', id)}>{title ?? id}</Link>
}
