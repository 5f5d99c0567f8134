/** A group of a menu of which one is chosen. */
import { Menu } from '@base-ui/react/menu'
import styles from './menu.module.css'

interface RadioGroupProps<Word extends string> {
  label: string
  words: readonly Word[]
  nameOf: (word: Word) => string
  /** The key that does the same, where there is one. */
  keyOf?: (word: Word) => string
  value: Word
  onChange: (word: Word) => void
}

export function MenuRadioGroup<Word extends string>(props: RadioGroupProps<Word>) {
  const { label, words, nameOf, keyOf, value, onChange } = props
  return (
    <Menu.Group>
      <Menu.GroupLabel className={styles.label}>{label}</Menu.GroupLabel>
      <Menu.RadioGroup value={value} onValueChange={onChange}>
        {words.map(word => (
          <Menu.RadioItem key={word} value={word} className={styles.item} closeOnClick>
            <span>
              {nameOf(word)}
              <Menu.RadioItemIndicator> ✓</Menu.RadioItemIndicator>
            </span>
            {keyOf && <kbd>{keyOf(word)}</kbd>}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  )
}
