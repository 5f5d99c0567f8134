/** How many listeners there were, how many of them new, and how much each played. */
import type { Audience } from '../../../../http/audience.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Change } from '../../../parts/change.tsx'
import { Figure, Figures } from '../figure.tsx'
import { texts } from './texts.ts'

/** Each is the name of its change; `figure` is that of its definition. */
const SHOWN = [
  { name: 'listeners', figure: 'uniqueListeners', of: (from: Values) => from.listeners },
  { name: 'newListeners', figure: 'newListeners', of: (from: Values) => from.newListeners },
  { name: 'returningListeners', figure: 'returningListeners', of: (from: Values) => from.returningListeners },
  { name: 'mean', figure: 'mean', of: (from: Values) => from.playsPerListener.mean },
  { name: 'median', figure: 'median', of: (from: Values) => from.playsPerListener.median },
  { name: 'anonymousPlays', figure: 'anonymousPlays', of: (from: Values) => from.anonymousPlays },
] as const

type Values = Pick<
  Audience,
  'listeners' | 'newListeners' | 'returningListeners' | 'playsPerListener' | 'anonymousPlays'
>

/** Without an audience, the place where its figures will be. */
export function AudienceFigures({ audience }: { audience?: Audience }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const previous = audience?.previous
  return (
    <Figures>
      {SHOWN.map(({ name, figure, of }) => (
        <Figure
          key={name}
          name={t[name]}
          figure={figure}
          value={audience ? number(of(audience)) : '…'}
          change={previous && <Change percent={previous.change[name]} earlier={number(of(previous))} />}
        />
      ))}
    </Figures>
  )
}
