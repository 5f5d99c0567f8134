/** The ranges of time, each with its key. */
import { RANGES, type RangeName, rangeKey } from '../address/ranges.ts'
import { useView } from '../address/view.ts'
import { useTexts } from '../language/language.tsx'
import { Menu } from './menu.tsx'
import type { OpenMenu } from './menu-button.tsx'
import { MenuRadioGroup } from './radio-menu.tsx'
import { texts } from './texts.ts'

export default function RangeMenu({ onChoose, ...open }: OpenMenu & { onChoose: (range: RangeName) => void }) {
  const t = useTexts(texts)
  const { range } = useView()
  return (
    <Menu {...open}>
      <MenuRadioGroup
        label={t.range}
        words={RANGES}
        nameOf={each => t.ranges[each]}
        keyOf={rangeKey}
        value={range}
        onChange={onChoose}
      />
    </Menu>
  )
}
