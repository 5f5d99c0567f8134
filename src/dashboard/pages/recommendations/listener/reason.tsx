/** Why something is recommended, in words: with the genre, or what it is similar to, as links. */
import { Link } from 'wouter'
import type { Recommendation } from '../../../../http/recommendations.ts'
import { addressWith, useParameters } from '../../../address/parameters.ts'
import { PATHS } from '../../../address/paths.ts'
import { useTexts } from '../../../language/language.tsx'
import { NamedItem } from '../named-item.tsx'
import { NOTHING_ASKED } from '../similar/asked.ts'
import { reasonOf } from './reason.ts'
import { texts } from './texts.ts'

export function ReasonInWords({ reason, because }: Pick<Recommendation, 'reason' | 'because'>) {
  const t = useTexts(texts)
  const told = reasonOf(reason)
  return (
    <span>
      {told === null && reason}
      {told?.kind === 'popular' && t.popular}
      {told?.kind === 'genre' && (
        <>
          {t.ofGenre} <GenreLink genre={told.genre} />
        </>
      )}
      {told?.kind === 'similar' && (
        <>
          {t.similarTo} <NamedItem {...(because.find(({ id }) => id === told.id) ?? { id: told.id })} />
        </>
      )}
    </span>
  )
}

/** Asks for the albums of the genre. */
function GenreLink({ genre }: { genre: string }) {
  const { parameters } = useParameters()
  return <Link href={addressWith(PATHS.recommendations, parameters, { ...NOTHING_ASKED, genre })}>{genre}</Link>
}
