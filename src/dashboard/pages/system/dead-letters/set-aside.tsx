/** Events of the log that no figure can contain: how many, and where they are looked at. */
import { useParameters } from '../../../address/parameters.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Button } from '../../../parts/button.tsx'
import { Card } from '../../../parts/card.tsx'
import { Skeleton } from '../../../parts/skeleton.tsx'
import { State } from '../../../parts/state.tsx'
import { SET_ASIDE, useLetterSummary } from './letters.ts'
import { texts } from './texts.ts'

export function SetAside() {
  const t = useTexts(texts)
  const { number } = useFormats()
  const { change } = useParameters()
  const show = () => change({ reason: SET_ASIDE, letters: null, letter: null })
  return (
    <Card title={t.setAside} note={t.setAsideNote}>
      <Answer query={useLetterSummary()} skeleton={<Skeleton height="1.5rem" />}>
        {({ byReason }) => {
          const count = byReason[SET_ASIDE] ?? 0
          if (count === 0) return <State kind="good">{t.noneSetAside}</State>
          return (
            <>
              <State kind="doubtful">{t.areSetAside(count, number(count))}</State>{' '}
              <Button onClick={show}>{t.showSetAside}</Button>
            </>
          )
        }}
      </Answer>
    </Card>
  )
}
