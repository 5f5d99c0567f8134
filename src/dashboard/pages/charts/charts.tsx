/** The page of charts: a ranking by kind, period, genre and mode, with what each value is made of. */
import type { TrendingRow } from '../../../http/trending.ts'
import { useTexts } from '../../language/language.tsx'
import { texts as layoutTexts } from '../../layout/texts.ts'
import { Answer } from '../../parts/answer.tsx'
import { Card } from '../../parts/card.tsx'
import { CsvButton } from '../../parts/csv-button.tsx'
import { Explain } from '../../parts/explain.tsx'
import { MoreRows } from '../../parts/more-rows.tsx'
import { Title } from '../../parts/title.tsx'
import { figureOf, type RankingQuestion, TRENDING, trendingQuery } from '../../rankings/question.ts'
import { Ranking } from '../../rankings/ranking.tsx'
import { RankingSkeleton } from '../../rankings/ranking-skeleton.tsx'
import { texts as rankingTexts } from '../../rankings/texts.ts'
import { useAnswer } from '../../requests/queries.ts'
import { ChartControls } from './chart-controls.tsx'
import { useChartView } from './chart-view.ts'
import styles from './charts.module.css'
import { useColumn } from './column.tsx'
import { NoRows } from './no-rows.tsx'
import { texts } from './texts.ts'

export default function Charts() {
  const t = useTexts(texts)
  const { charts } = useTexts(layoutTexts)
  const ranking = useTexts(rankingTexts)
  const view = useChartView()
  const { question } = view
  const { kind, mode, period, genre, limit } = question
  const parameters = trendingQuery(question)
  const query = useAnswer<TrendingRow[]>(TRENDING, parameters)
  const name = mode === 'rising' ? ranking.rising[kind] : ranking.kinds[kind]
  const label = genre === '' ? name : `${name} · ${genre}`
  return (
    <>
      <Title note={t.note}>{charts}</Title>
      <ChartControls view={view} />
      <Card
        title={label}
        note={
          <>
            {ranking.last[period]}
            <Rules question={question} />
          </>
        }
        actions={<CsvButton path={TRENDING} parameters={parameters} what={label} />}
      >
        <Answer
          query={query}
          skeleton={<RankingSkeleton rows={limit} isDetailed />}
          empty={{ when: rows => rows.length === 0, show: <NoRows question={question} /> }}
        >
          {rows => <Rows label={label} question={question} rows={rows} />}
        </Answer>
        <MoreRows query={query} />
      </Card>
    </>
  )
}

/** How the figures of the rows are counted. */
function Rules({ question }: { question: RankingQuestion }) {
  const { countedPlays } = useTexts(texts)
  const { figures } = useTexts(rankingTexts)
  const figure = figureOf(question)
  return (
    <span className={styles.rules}>
      <Rule figure={figure} name={figures[figure]} />
      {figure === 'eligiblePlays' && <Rule figure="plays" name={countedPlays} />}
    </span>
  )
}

function Rule({ figure, name }: { figure: string; name: string }) {
  return (
    <span>
      {name} <Explain figure={figure} name={name} />
    </span>
  )
}

interface RowsProps {
  label: string
  question: RankingQuestion
  rows: readonly TrendingRow[]
}

function Rows({ label, question, rows }: RowsProps) {
  return <Ranking label={label} question={question} rows={rows} column={useColumn(question, rows)} />
}
