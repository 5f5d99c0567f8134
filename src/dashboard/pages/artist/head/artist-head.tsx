/** Who the page is about, how many listen at this moment, and the range of time. */
import { useTexts } from '../../../language/language.tsx'
import { RangeBar } from '../../../layout/range-bar.tsx'
import { Cover } from '../../../parts/cover.tsx'
import { Skeleton } from '../../../parts/skeleton.tsx'
import { Title } from '../../../parts/title.tsx'
import { texts } from '../texts.ts'
import styles from './head.module.css'
import { ListeningNow } from './listening-now.tsx'
import type { Profile } from './use-profile.ts'

const PICTURE_SIZE = 64

export function ArtistHead({ artistId, profile: { name, picture } }: { artistId: string; profile: Profile }) {
  const t = useTexts(texts)
  return (
    <Title
      before={
        name === undefined ? (
          <span className={styles.waiting}>
            <Skeleton height={`${PICTURE_SIZE}px`} width={`${PICTURE_SIZE}px`} />
          </span>
        ) : (
          <Cover src={picture} name={name} size={PICTURE_SIZE} round />
        )
      }
      note={<ListeningNow artistId={artistId} />}
      actions={<RangeBar />}
    >
      {name ?? t.artist}
    </Title>
  )
}
