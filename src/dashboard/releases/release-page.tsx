/** What the pages of a track and an album have in common: the head, the figures, and what an id shows that nothing names. */
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { ReleaseKpis } from '../../http/kpis.ts'
import { useLinks } from '../address/paths.ts'
import type { Mark } from '../graphs/time-graph/graph-data.ts'
import { KpiPanel } from '../kpis/kpi-panel.tsx'
import { useTexts } from '../language/language.tsx'
import { RangeBar } from '../layout/range-bar.tsx'
import { Cover } from '../parts/cover.tsx'
import { Empty } from '../parts/empty.tsx'
import { Title } from '../parts/title.tsx'
import { playCommand } from './play-command.ts'
import { releasePath, useIsUnheard } from './release.ts'
import styles from './release-page.module.css'
import { texts } from './texts.ts'
import { titleOf } from './titles.ts'

interface ReleasePageProps {
  kind: 'track' | 'album'
  id: string
  /** Undefined until it is known. */
  release: ReleaseKpis | undefined
  /** What stands below the title beside the artist. */
  notes: ReactNode
  marks?: readonly Mark[]
  /** What follows the figures. */
  children: ReactNode
}

export function ReleasePage({ kind, id, release, notes, marks, children }: ReleasePageProps) {
  const t = useTexts(texts)
  const path = releasePath(kind, id)
  const isUnheard = useIsUnheard(path, release)
  const title = release ? titleOf(release) : t[kind]
  return (
    <>
      <Title
        before={<Cover src={release?.coverImage} name={title} size={72} />}
        note={<Notes kind={kind} release={release} notes={notes} />}
        actions={<RangeBar />}
      >
        {title}
      </Title>
      {isUnheard ? (
        <Empty command={playCommand(kind, id)}>{t.unheard[kind]}</Empty>
      ) : (
        <div className={styles.page}>
          <KpiPanel path={path} of={title} {...(marks && { marks })} />
          {children}
        </div>
      )}
    </>
  )
}

function Notes({ kind, release, notes }: Pick<ReleasePageProps, 'kind' | 'release' | 'notes'>) {
  const t = useTexts(texts)
  return (
    <span className={styles.notes}>
      <span>{t[kind]}</span>
      {release && <ArtistName release={release} />}
      {notes}
    </span>
  )
}

function ArtistName({ release: { artistId, artistName } }: { release: ReleaseKpis }) {
  const links = useLinks()
  if (artistId === null) return artistName === null ? null : <span>{artistName}</span>
  return <Link href={links.entity('artist', artistId)}>{artistName ?? artistId}</Link>
}
