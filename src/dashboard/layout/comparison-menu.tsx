/** What a range is compared with. */
import { COMPARISONS, useView } from '../address/view.ts'
import { useTexts } from '../language/language.tsx'
import { Menu } from './menu.tsx'
import type { OpenMenu } from './menu-button.tsx'
import { MenuRadioGroup } from './radio-menu.tsx'
import { texts } from './texts.ts'

export default function ComparisonMenu(open: OpenMenu) {
  const t = useTexts(texts)
  const { compare, change } = useView()
  return (
    <Menu {...open}>
      <MenuRadioGroup
        label={t.compare}
        words={COMPARISONS}
        nameOf={each => t.comparisons[each]}
        value={compare}
        onChange={each => change({ compare: each })}
      />
    </Menu>
  )
}
