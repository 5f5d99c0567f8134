/** What is similar to the artist, the album or the track of a page: the nearest, with a link to more of them. */
import { Link } from 'wouter'
import { type Linked, useLinks } from '../address/paths.ts'
import { useTexts } from '../language/language.tsx'
import { Answer } from '../parts/answer.tsx'
import { buttonClass } from '../parts/button.tsx'
import { Card } from '../parts/card.tsx'
import { Empty } from '../parts/empty.tsx'
import { useNear } from '../parts/near.ts'
import { SIMILAR_TO, useSimilar } from './similar.ts'
import { SimilarList, SimilarSkeleton } from './similar-list.tsx'
import { texts } from './texts.ts'

const ROWS = 6

export function SimilarToCard({ kind, id }: { kind: Linked; id: string }) {
  const t = useTexts(texts)
  const links = useLinks()
  const [near, isNear] = useNear()
  const query = useSimilar(kind, id, { limit: ROWS, enabled: isNear })
  const title = t.similar[kind]
  return (
    <div ref={near}>
      <Card
        title={title}
        note={t.similarNote}
        actions={
          <Link
            className={buttonClass ?? ''}
            href={links.page('recommendations', { [SIMILAR_TO[kind]]: id })}
            aria-label={t.moreOf(title)}
          >
            {t.more}
          </Link>
        }
      >
        <Answer
          query={query}
          skeleton={<SimilarSkeleton rows={ROWS} />}
          empty={{ when: items => items.length === 0, show: <Empty>{t.nothingSimilar}</Empty> }}
        >
          {items => <SimilarList label={title} items={items} />}
        </Answer>
      </Card>
    </div>
  )
}
