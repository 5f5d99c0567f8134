/** Edits the event of a dead letter, and sends what it has become. */
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { DeadLetterPage } from '../../../../http/dead-letters.ts'
import { useTexts } from '../../../language/language.tsx'
import { Button } from '../../../parts/button.tsx'
import { Field } from '../../../parts/field.tsx'
import type { Outcome } from './actions.ts'
import styles from './letter-detail.module.css'
import type { Letter } from './letters.ts'
import { texts } from './texts.ts'
import type { LetterActions } from './use-actions.ts'

interface RepairProps {
  letter: Letter
  onRepair: LetterActions['run']
  /** What is wrong with the event that was sent. */
  onFaults: (faults: DeadLetterPage['items'][number]['errors']) => void
  onClose: () => void
}

export function Repair({ letter, onRepair, onFaults, onClose }: RepairProps) {
  const t = useTexts(texts)
  const [text, setText] = useState(letter.text)
  const field = useRef<HTMLTextAreaElement>(null)
  const problem = problemOf(text)
  useEffect(() => field.current?.focus(), [])
  const told = (outcome: Outcome) => {
    const faults = 'replayed' in outcome ? outcome.replayed.results[0]?.faults : undefined
    if (faults) onFaults(faults)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problem === undefined) onRepair({ verb: 'repair', id: letter.id, text }, told)
  }
  return (
    <form onSubmit={submit}>
      <Field label={t.repairedEvent} problem={problem && t.noJson(problem)}>
        <textarea
          ref={field}
          className={styles.text}
          rows={Math.min(24, Math.max(8, text.split('\n').length + 1))}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </Field>
      <div className={styles.buttons}>
        <Button type="submit" disabled={problem !== undefined}>
          {t.replayRepaired}
        </Button>
        <Button onClick={onClose}>{t.discard}</Button>
      </div>
    </form>
  )
}

/** Why a text is no JSON, in the browser's words; undefined where it is. */
function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
