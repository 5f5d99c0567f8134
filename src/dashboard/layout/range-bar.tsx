/** What of time a page shows: the range, what it is compared with, the time zone. */
import { Menu } from '@base-ui/react/menu'
import { lazy, Suspense, useMemo, useState } from 'react'
import { RANGES, type RangeName } from '../address/ranges.ts'
import { COMPARISONS, useView } from '../address/view.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { buttonClass } from '../parts/button.tsx'
import styles from './menu.module.css'
import { MenuRadioGroup } from './radio-menu.tsx'
import barStyles from './range-bar.module.css'
import { type Shortcut, useShortcuts } from './shortcuts.tsx'
import { texts } from './texts.ts'

const RangeDialog = lazy(() => import('./range-dialog.tsx'))

const keyOf = (range: RangeName) => String(RANGES.indexOf(range) + 1)

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
        ...RANGES.map(each => ({ keys: keyOf(each), does: t.key.range(t.ranges[each]), run: () => choose(each) })),
        { keys: 'c', does: t.key.compare, run: () => change({ compare: nextComparison }) },
      ],
      [t, choose, change, nextComparison],
    ),
  )
  // Days are no instants: they are written as they are, in whatever zone.
  const ownName = days.startDate && days.endDate ? `${date(days.startDate, 'UTC')} – ${date(days.endDate, 'UTC')}` : ''
  const rangeName = range === 'own' ? ownName : t.ranges[range]
  return (
    <div className={barStyles.bar}>
      <Menu.Root>
        <Menu.Trigger className={buttonClass} aria-label={`${t.range}: ${rangeName}`}>
          {rangeName} <span aria-hidden="true">▾</span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end" className={styles.positioner}>
            <Menu.Popup className={styles.popup}>
              <MenuRadioGroup
                label={t.range}
                words={RANGES}
                nameOf={each => t.ranges[each]}
                keyOf={keyOf}
                value={range}
                onChange={choose}
              />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <Menu.Root>
        <Menu.Trigger className={buttonClass} disabled={range === 'all'}>
          {t.comparedShort[range === 'all' ? 'none' : compare]} <span aria-hidden="true">▾</span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end" className={styles.positioner}>
            <Menu.Popup className={styles.popup}>
              <MenuRadioGroup
                label={t.compare}
                words={COMPARISONS}
                nameOf={each => t.comparisons[each]}
                value={compare}
                onChange={each => change({ compare: each })}
              />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <button
        type="button"
        className={`${buttonClass} ${barStyles.zone}`}
        onClick={() => setAsking(true)}
        title={t.zone}
      >
        {tz.replaceAll('_', ' ')}
      </button>
      <Suspense>{isAsking && <RangeDialog onClose={() => setAsking(false)} />}</Suspense>
    </div>
  )
}
