/** A link to something by its name; where the answer has only an id, the search says what it is. */
import { Link } from 'wouter'
import type { OwnItem } from '../../../http/recommendations.ts'
import type { SearchResult } from '../../../http/search.ts'
import { useLinks } from '../../address/paths.ts'
import { useAnswer } from '../../requests/queries.ts'

export function NamedItem({ type, id, title }: Pick<OwnItem, 'id'> & Partial<OwnItem>) {
  const links = useLinks()
  const isKnown = type !== undefined && Boolean(title)
  const { data, isPlaceholderData } = useAnswer<SearchResult>(
    '/api/stats/search',
    { q: id, kind: type, limit: 5 },
    { enabled: !isKnown, refetchInterval: false },
  )
  const found = isKnown || isPlaceholderData ? undefined : data?.items.find(item => item.id === id)
  const kind = type ?? found?.type
  const name = title ?? found?.title ?? found?.name ?? id
  return kind === undefined ? <span>{name}</span> : <Link href={links.entity(kind, id)}>{name}</Link>
}
