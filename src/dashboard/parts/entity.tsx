/** An artist, an album or a track in a list: its picture, its name as a link to its page, and below it whose it is. */
import { Link } from 'wouter'
import { type Linked, useLinks } from '../address/paths.ts'
import { Cover } from './cover.tsx'
import styles from './entity.module.css'

interface EntityProps {
  kind: Linked
  id: string
  name: string
  cover: string | null | undefined
  /** The name of the artist of an album or a track, by which the service finds the artist too. */
  artist?: string | null | undefined
  /** Before the artist. */
  note?: string
}

export function Entity({ kind, id, name, cover, artist, note }: EntityProps) {
  const links = useLinks()
  const href = links.entity(kind, id)
  return (
    <span className={styles.entity}>
      <Cover src={cover} name={name} round={kind === 'artist'} />
      <span className={styles.text}>
        <Link href={href} className={styles.name} title={name} aria-current={isHere(href) ? 'page' : undefined}>
          {name}
        </Link>
        {(note || artist) && (
          <span className={styles.note}>
            {note}
            {note && artist && ' · '}
            {artist && <Link href={links.entity('artist', artist)}>{artist}</Link>}
          </span>
        )}
      </span>
    </span>
  )
}

/** Whether the page that is shown is the one that a link leads to, in whatever range. */
const isHere = (href: string) => href.split('?')[0] === location.pathname
