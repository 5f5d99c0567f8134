/** What of time a page shows: the range, what it is compared with, the time zone. */
import { lazy, Suspense, useMemo, useState } from 'react'
import { RANGES, type RangeName, rangeKey } from '../address/ranges.ts'
import { COMPARISONS, useView } from '../address/view.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { buttonClass } from '../parts/button.tsx'
import { MenuButton } from './menu-button.tsx'
import styles from './range-bar.module.css'
import { type Shortcut, useShortcuts } from './shortcuts.tsx'
import { texts } from './texts.ts'

const loadRanges = () => import('./range-menu.tsx')
const loadComparisons = () => import('./comparison-menu.tsx')
const RangeMenu = lazy(loadRanges)
const ComparisonMenu = lazy(loadComparisons)
const RangeDialog = lazy(() => import('./range-dialog.tsx'))

export function RangeBar() {
  const t = useTexts(texts)
  const { range, days, tz, compare, change } = useView()
  const { date } = useFormats()
  const [isAsking, setAsking] = useState(false)
  const choose = useMemo(
    () => (chosen: RangeName) => {
      if (chosen === 'own') setAsking(true)
      // Each range has intervals of its own.
      else change({ range: chosen, from: null, to: null, interval: null })
    },
    [change],
  )
  const nextComparison = COMPARISONS[(COMPARISONS.indexOf(compare) + 1) % COMPARISONS.length] ?? 'previous'
  useShortcuts(
    useMemo<Shortcut[]>(
      () => [
        ...RANGES.map(each => ({ keys: rangeKey(each), does: t.key.range(t.ranges[each]), run: () => choose(each) })),
        { keys: 'c', does: t.key.compare, run: () => change({ compare: nextComparison }) },
      ],
      [t, choose, change, nextComparison],
    ),
  )
  // Days are no instants: they are written as they are, in whatever zone.
  const ownName = days.startDate && days.endDate ? `${date(days.startDate, 'UTC')} – ${date(days.endDate, 'UTC')}` : ''
  const name = range === 'own' ? ownName : t.ranges[range]
  return (
    <div className={styles.bar}>
      <MenuButton
        label={`${t.range}: ${name}`}
        load={loadRanges}
        menu={open => <RangeMenu {...open} onChoose={choose} />}
      >
        {name} <span aria-hidden="true">▾</span>
      </MenuButton>
      <MenuButton load={loadComparisons} menu={open => <ComparisonMenu {...open} />} disabled={range === 'all'}>
        {t.comparedShort[range === 'all' ? 'none' : compare]} <span aria-hidden="true">▾</span>
      </MenuButton>
      <button type="button" className={`${buttonClass} ${styles.zone}`} onClick={() => setAsking(true)} title={t.zone}>
        {tz.replaceAll('_', ' ')}
      </button>
      <Suspense>{isAsking && <RangeDialog onClose={() => setAsking(false)} />}</Suspense>
    </div>
  )
}
