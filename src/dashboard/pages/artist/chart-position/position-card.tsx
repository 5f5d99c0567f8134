/** The artist in the weekly chart of all artists: the position now, the best one, and the course of a year. */
import type { ArtistPosition } from '../../../../http/position.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { CsvButton } from '../../../parts/csv-button.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { useNear } from '../../../parts/near.ts'
import { Skeleton } from '../../../parts/skeleton.tsx'
import { useAnswer } from '../../../requests/queries.ts'
import { Figure, Figures } from '../figure.tsx'
import { PlacesGained } from './places-gained.tsx'
import { PositionGraph } from './position-graph.tsx'
import { PositionTable } from './position-table.tsx'
import { texts } from './texts.ts'

/** `path` is that of the artist's figures in the API. */
export function PositionCard({ path }: { path: string }) {
  const t = useTexts(texts)
  const { rangeQuery } = useView()
  const [near, isNear] = useNear()
  // Without a start: of a range of days there would be one week, or a few.
  const question = { path: `${path}/position`, parameters: { ...rangeQuery, startDate: undefined } }
  const query = useAnswer<ArtistPosition>(question.path, question.parameters, { enabled: isNear })
  return (
    <div ref={near}>
      <Card title={t.title} note={t.note} actions={<CsvButton {...question} what={t.title} />}>
        <Answer
          query={query}
          skeleton={<PositionSkeleton />}
          empty={{
            when: ({ items }) => items.every(({ position }) => position === null),
            show: <Empty>{t.empty}</Empty>,
          }}
        >
          {answer => (
            <>
              <PositionFigures answer={answer} />
              <PositionGraph weeks={answer.items} />
              <PositionTable weeks={answer.items} />
            </>
          )}
        </Answer>
      </Card>
    </div>
  )
}

function PositionFigures({ answer: { lastFullWeek, peak, weeksOnChart, items } }: { answer: ArtistPosition }) {
  const t = useTexts(texts)
  const { number, plural } = useFormats()
  const running = items.findLast(({ isOver }) => !isOver)
  const positionOf = (position: number | null | undefined) => (position == null ? t.none : t.position(number(position)))
  return (
    <Figures>
      <Figure
        name={t.lastWeek}
        figure="position"
        value={positionOf(lastFullWeek?.position)}
        change={lastFullWeek && <PlacesGained places={lastFullWeek.change} />}
      />
      {running && (
        <Figure
          name={t.running}
          figure="position"
          value={positionOf(running.position)}
          change={<PlacesGained places={running.change} />}
        />
      )}
      <Figure
        name={t.peak}
        figure="peak"
        value={positionOf(peak?.position)}
        change={peak && t.peakWeeks(number(peak.weeks), plural(peak.weeks, t.weeks))}
      />
      <Figure name={t.weeksOnChart} figure="weeksOnChart" value={number(weeksOnChart)} />
    </Figures>
  )
}

function PositionSkeleton() {
  const t = useTexts(texts)
  return (
    <>
      <Figures>
        <Figure name={t.lastWeek} figure="position" value="…" />
        <Figure name={t.running} figure="position" value="…" />
        <Figure name={t.peak} figure="peak" value="…" />
        <Figure name={t.weeksOnChart} figure="weeksOnChart" value="…" />
      </Figures>
      <Skeleton height="15.75rem" />
    </>
  )
}
