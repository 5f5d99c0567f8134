/** What of an artist was played most, in a card: the order and the number of rows are in the address. */
import { type ReactNode, useMemo } from 'react'
import type { MostPlayed } from '../../http/most-played.ts'
import { useChoice, wordAfter } from '../address/parameters.ts'
import { useView } from '../address/view.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { useShortcuts } from '../layout/shortcuts.tsx'
import { Answer } from '../parts/answer.tsx'
import { Button } from '../parts/button.tsx'
import { Card } from '../parts/card.tsx'
import { Choices } from '../parts/choices.tsx'
import { CsvButton } from '../parts/csv-button.tsx'
import { Empty } from '../parts/empty.tsx'
import { Explain } from '../parts/explain.tsx'
import { useNear } from '../parts/near.ts'
import { SkeletonRows } from '../parts/skeleton.tsx'
import { texts as partsTexts } from '../parts/texts.ts'
import { useAnswer } from '../requests/queries.ts'
import styles from './most-played.module.css'
import { MostPlayedTable } from './most-played-table.tsx'
import { SORTS, type Sort } from './sorts.ts'
import { texts } from './texts.ts'

export type Kind = 'tracks' | 'albums'

/** How many rows are shown; the API gives 100 at most. */
const ROWS = ['8', '20', '50', '100'] as const

/** The key that changes the order. */
const KEYS = { tracks: 'o', albums: 'a' }

export function MostPlayedCard({ artistId, kind }: { artistId: string; kind: Kind }) {
  const t = useTexts(texts)
  const { comparedQuery } = useView()
  const [sort, setSort] = useChoice(`${kind}By`, SORTS)
  const [rows, setRows] = useChoice(`${kind}Rows`, ROWS)
  const [near, isNear] = useNear()
  useOrderKey(kind, sort, setSort)
  const path = `/api/stats/artist/${encodeURIComponent(artistId)}/${kind}`
  const parameters = { ...comparedQuery, sort, limit: rows }
  const query = useAnswer<MostPlayed>(path, parameters, { enabled: isNear })
  const title = t.titles[kind]
  return (
    <div ref={near}>
      <Card
        title={title}
        actions={<Choices label={t.order} words={SORTS} nameOf={word => t.by[word]} value={sort} onChange={setSort} />}
      >
        <Answer
          query={query}
          skeleton={<ListSkeleton rows={Number(ROWS[0])} />}
          empty={{ when: ({ items }) => items.length === 0, show: <Empty>{t.empty[kind]}</Empty> }}
        >
          {answer => (
            <>
              <MostPlayedTable label={title} kind={kind} rows={answer.items} sort={sort} />
              <Foot
                answer={answer}
                kind={kind}
                csv={<CsvButton path={path} parameters={parameters} what={title} />}
                onMore={rows === '100' ? undefined : () => setRows(wordAfter(ROWS, rows))}
              />
            </>
          )}
        </Answer>
      </Card>
    </div>
  )
}

interface FootProps {
  answer: MostPlayed
  kind: Kind
  csv: ReactNode
  onMore: (() => void) | undefined
}

/** How much is in no row, and a button for more rows where there are some. */
function Foot({ answer, kind, csv, onMore }: FootProps) {
  const t = useTexts(texts)
  const { more } = useTexts(partsTexts)
  const { number } = useFormats()
  const unnamed = t.unnamed[kind](number(answer.unnamed))
  return (
    <div className={styles.foot}>
      {answer.unnamed > 0 && (
        <div className={styles.note}>
          {unnamed} <Explain figure="unnamed" name={unnamed} />
        </div>
      )}
      <div className={styles.actions}>
        {answer.nextCursor !== null && onMore && (
          <Button onClick={onMore} aria-label={`${more}: ${t.titles[kind]}`}>
            {more}
          </Button>
        )}
        {csv}
      </div>
    </div>
  )
}

function ListSkeleton({ rows }: { rows: number }) {
  return (
    <>
      <SkeletonRows rows={1} height="2rem" />
      <SkeletonRows rows={rows} height="3rem" />
      <div className={styles.foot} />
    </>
  )
}

function useOrderKey(kind: Kind, sort: Sort, setSort: (sort: Sort) => void): void {
  const t = useTexts(texts)
  useShortcuts(
    useMemo(
      () => [{ keys: KEYS[kind], does: t.nextOrder[kind], run: () => setSort(wordAfter(SORTS, sort)) }],
      [kind, t, sort, setSort],
    ),
  )
}
