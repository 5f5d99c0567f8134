/** Asks before dead letters are deleted: says how many and which. */
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import Question from '../question.tsx'
import type { Which } from './actions.ts'
import { useLetterSummary } from './letters.ts'
import { texts } from './texts.ts'

/** Ids that a question names. */
const MOST_NAMED = 3

interface DeleteQuestionProps {
  which: Which
  onYes: () => void
  onClose: () => void
}

export default function DeleteQuestion({ which, onYes, onClose }: DeleteQuestionProps) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const summary = useLetterSummary().data
  if ('letters' in which) {
    const { letters } = which
    const named = letters.slice(0, MOST_NAMED).map(({ id, reason }) => `${id} (${reason})`)
    const more = letters.length > MOST_NAMED ? ` ${t.andMore(number(letters.length - MOST_NAMED))}` : ''
    return (
      <Question
        title={t.deleteQuestion(letters.length, number(letters.length))}
        note={`${named.join(', ')}${more}. ${t.deleteNote}`}
        yes={t.delete}
        onYes={onYes}
        onClose={onClose}
      />
    )
  }
  const { reason } = which
  const count = (reason === null ? summary?.total : summary?.byReason[reason]) ?? 0
  return (
    <Question
      title={t.deleteQuestion(count, number(count))}
      note={`${reason === null ? t.ofAllReasons : t.ofReason(reason)} ${t.deleteNote}`}
      yes={t.delete}
      onYes={onYes}
      onClose={onClose}
    />
  )
}
