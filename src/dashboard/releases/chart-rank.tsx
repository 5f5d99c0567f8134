/** The place of a track or an album in the week's chart; nothing where it is not among the first hundred. */
import { Link } from 'wouter'
import type { TrendingRow } from '../../http/trending.ts'
import { useLinks } from '../address/paths.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { chartParameters, type RankingQuestion, TRENDING, trendingQuery } from '../rankings/question.ts'
import { useAnswer } from '../requests/queries.ts'
import { texts } from './texts.ts'

export function ChartRank({ kind, id }: { kind: 'tracks' | 'albums'; id: string }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const links = useLinks()
  const question: RankingQuestion = { kind, period: 'week', mode: 'most', limit: 100 }
  const { data } = useAnswer<TrendingRow[]>(TRENDING, trendingQuery(question))
  const row = data?.find(each => each.id === id)
  if (!row) return null
  const before = row.previousRank === null ? t.rankNew : t.rankBefore(number(row.previousRank))
  return (
    <Link href={links.page('charts', chartParameters(question))} title={before}>
      {t.rank(number(row.rank))}
    </Link>
  )
}
