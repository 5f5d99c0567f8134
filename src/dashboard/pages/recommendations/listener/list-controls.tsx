/** Of what the list is, how varied, whether with what is hardly known, and how long; with keys for the first three. */
import { useMemo } from 'react'
import { wordAfter } from '../../../address/parameters.ts'
import { useTexts } from '../../../language/language.tsx'
import { useShortcuts } from '../../../layout/shortcuts.tsx'
import { Choices } from '../../../parts/choices.tsx'
import { Explain } from '../../../parts/explain.tsx'
import styles from './list-controls.module.css'
import { DIVERSITIES, EXPLORATIONS, type ListView, SHOWN_LIMITS, TYPES } from './list-view.ts'
import { texts } from './texts.ts'

export function ListControls({ view }: { view: ListView }) {
  const t = useTexts(texts)
  const { type, setType, diversity, setDiversity, exploration, setExploration, limit, setLimit } = view
  useShortcuts(
    useMemo(
      () => [
        { keys: 'k', does: t.nextType, run: () => setType(wordAfter(TYPES, type)) },
        { keys: 'v', does: t.nextDiversity, run: () => setDiversity(wordAfter(DIVERSITIES, diversity)) },
        { keys: 'e', does: t.otherExploration, run: () => setExploration(wordAfter(EXPLORATIONS, exploration)) },
      ],
      [t, type, setType, diversity, setDiversity, exploration, setExploration],
    ),
  )
  return (
    <div className={styles.controls}>
      <Choices label={t.type} words={TYPES} nameOf={word => t.types[word]} value={type} onChange={setType} />
      <Choices
        label={t.diversity}
        words={DIVERSITIES}
        nameOf={word => t.diversities[word]}
        value={diversity}
        onChange={setDiversity}
      />
      <Choices label={t.rows} words={SHOWN_LIMITS} nameOf={word => word} value={limit} onChange={setLimit} />
      <span className={styles.switch}>
        <label>
          <input
            type="checkbox"
            checked={exploration === 'on'}
            onChange={event => setExploration(event.target.checked ? 'on' : 'off')}
          />
          {t.withExploration}
        </label>
        <Explain figure="exploration" name={t.explorationName} />
      </span>
    </div>
  )
}
