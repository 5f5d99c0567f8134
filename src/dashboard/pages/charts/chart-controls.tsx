/** What is ranked, over how many days, by what, and of which genre; with keys for the first three. */
import { type FormEvent, useMemo } from 'react'
import { useDraft } from '../../address/draft.ts'
import { useTexts } from '../../language/language.tsx'
import { useShortcuts } from '../../layout/shortcuts.tsx'
import { Choices } from '../../parts/choices.tsx'
import { Field } from '../../parts/field.tsx'
import { KINDS, MODES, type PERIODS } from '../../rankings/question.ts'
import { texts as rankingTexts } from '../../rankings/texts.ts'
import type { useChartView } from './chart-view.ts'
import styles from './charts.module.css'
import { texts } from './texts.ts'

/** From the shortest to the longest. */
const SHOWN_PERIODS = ['day', 'week', 'month', 'year'] as const satisfies readonly (typeof PERIODS)[number][]

export function ChartControls({ view }: { view: ReturnType<typeof useChartView> }) {
  const t = useTexts(texts)
  const ranking = useTexts(rankingTexts)
  const { question, setKind, setMode, setPeriod, setGenre } = view
  const { kind, mode, period, genre } = question
  useShortcuts(
    useMemo(
      () => [
        { keys: 'k', does: t.nextKind, run: () => setKind(after(KINDS, kind)) },
        { keys: 'm', does: t.otherMode, run: () => setMode(after(MODES, mode)) },
        { keys: 'p', does: t.nextPeriod, run: () => setPeriod(after(SHOWN_PERIODS, period)) },
      ],
      [t, kind, mode, period, setKind, setMode, setPeriod],
    ),
  )
  return (
    <div className={styles.controls}>
      <Choices label={t.kind} words={KINDS} nameOf={word => ranking.kinds[word]} value={kind} onChange={setKind} />
      <Choices
        label={t.period}
        words={SHOWN_PERIODS}
        nameOf={word => ranking.periods[word]}
        value={period}
        onChange={setPeriod}
      />
      <Choices label={t.mode} words={MODES} nameOf={word => ranking.modes[word]} value={mode} onChange={setMode} />
      {kind === 'tracks' && <GenreField genre={genre} onChange={setGenre} />}
    </div>
  )
}

/** A genre is taken over when the field is left, or by Enter. */
function GenreField({ genre, onChange }: { genre: string; onChange: (genre: string) => void }) {
  const t = useTexts(texts)
  const [text, setText] = useDraft(genre)
  const take = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() !== genre) onChange(text.trim())
  }
  return (
    <form className={styles.genre} onSubmit={take} onBlur={take}>
      <Field label={t.genre}>
        <input
          type="search"
          value={text}
          onChange={event => setText(event.target.value)}
          placeholder={t.allGenres}
          maxLength={200}
        />
      </Field>
    </form>
  )
}

function after<Word>(words: readonly [Word, ...Word[]], word: Word): Word {
  return words[words.indexOf(word) + 1] ?? words[0]
}
