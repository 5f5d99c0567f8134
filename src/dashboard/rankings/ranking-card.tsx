/** A ranking that asks for itself, in a card, with a link to the page of charts that shows all of it. */
import { Link } from 'wouter'
import type { TrendingRow } from '../../http/trending.ts'
import { useLinks } from '../address/paths.ts'
import { useTexts } from '../language/language.tsx'
import { Answer } from '../parts/answer.tsx'
import { buttonClass } from '../parts/button.tsx'
import { Card } from '../parts/card.tsx'
import { Empty } from '../parts/empty.tsx'
import { Explain } from '../parts/explain.tsx'
import { useAnswer } from '../requests/queries.ts'
import { chartParameters, figureOf, type RankingQuestion, TRENDING, trendingQuery } from './question.ts'
import { Ranking } from './ranking.tsx'
import { RankingSkeleton } from './ranking-skeleton.tsx'
import { texts } from './texts.ts'

export function RankingCard({ className, ...question }: Omit<RankingQuestion, 'genre'> & { className?: string }) {
  const t = useTexts(texts)
  const links = useLinks()
  const { kind, mode, period, limit } = question
  const query = useAnswer<TrendingRow[]>(TRENDING, trendingQuery(question))
  const name = mode === 'rising' ? t.rising[kind] : t.kinds[kind]
  return (
    <Card
      {...(className !== undefined && { className })}
      title={
        <>
          {name} <Explain figure={figureOf(question)} name={name} />
        </>
      }
      note={`${t.figures[figureOf(question)]} · ${t.periods[period]}`}
      actions={
        <Link
          className={buttonClass ?? ''}
          href={links.page('charts', chartParameters(question))}
          aria-label={t.allOf(name)}
        >
          {t.all}
        </Link>
      }
    >
      <Answer
        query={query}
        skeleton={<RankingSkeleton rows={limit} />}
        empty={{
          when: rows => rows.length === 0,
          show: <Empty>{mode === 'rising' ? t.emptyRising : t.empty[kind]}</Empty>,
        }}
      >
        {rows => <Ranking label={name} question={question} rows={rows} />}
      </Answer>
    </Card>
  )
}
