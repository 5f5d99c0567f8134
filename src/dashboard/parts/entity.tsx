/** An artist, an album or a track in a list: its picture, its name as a link to its page, and a line below. */
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { type Linked, useLinks } from '../layout/paths.ts'
import { Cover } from './cover.tsx'
import styles from './entity.module.css'

interface EntityProps {
  kind: Linked
  id: string
  name: string
  cover: string | null | undefined
  /** In one line, which is cut where it is too long. */
  note?: ReactNode
}

export function Entity({ kind, id, name, cover, note }: EntityProps) {
  const links = useLinks()
  return (
    <span className={styles.entity}>
      <Cover src={cover} name={name} round={kind === 'artist'} />
      <span className={styles.text}>
        <Link href={links.entity(kind, id)} className={styles.name} title={name}>
          {name}
        </Link>
        {note && <span className={styles.note}>{note}</span>}
      </span>
    </span>
  )
}
