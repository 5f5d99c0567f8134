/** One of a few words, all of them in sight: a row of radio buttons. */
import { useId } from 'react'
import styles from './choices.module.css'

interface ChoicesProps<Word extends string> {
  /** What is chosen, for those who listen. */
  label: string
  words: readonly Word[]
  nameOf: (word: Word) => string
  value: Word
  onChange: (word: Word) => void
}

export function Choices<Word extends string>({ label, words, nameOf, value, onChange }: ChoicesProps<Word>) {
  const name = useId()
  return (
    <fieldset className={styles.choices}>
      <legend className="unseen">{label}</legend>
      {words.map(word => (
        <label key={word} className={styles.choice}>
          <input type="radio" name={name} checked={word === value} onChange={() => onChange(word)} />
          <span>{nameOf(word)}</span>
        </label>
      ))}
    </fieldset>
  )
}
