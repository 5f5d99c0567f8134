/** Which genre albums are to be of, and which album is left out. */
import type { FormEvent } from 'react'
import { useDraft } from '../../../address/draft.ts'
import { useTexts } from '../../../language/language.tsx'
import { Button } from '../../../parts/button.tsx'
import { Field } from '../../../parts/field.tsx'
import styles from '../recommendations.module.css'
import type { Asked } from './asked.ts'
import { texts } from './texts.ts'

interface GenreFormProps {
  asked: Asked
  onChoose: (genre: string, excludeId: string) => void
}

export function GenreForm({ asked, onChoose }: GenreFormProps) {
  const t = useTexts(texts)
  const [genre, setGenre] = useDraft(asked.to === 'genre' ? asked.genre : '')
  const [excludeId, setExcludeId] = useDraft(asked.to === 'genre' ? asked.excludeId : '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onChoose(genre.trim(), excludeId.trim())
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={t.genre}>
        <input value={genre} onChange={event => setGenre(event.target.value)} maxLength={200} required />
      </Field>
      <Field label={t.excludeId}>
        <input value={excludeId} onChange={event => setExcludeId(event.target.value)} autoComplete="off" />
      </Field>
      <Button type="submit">{t.show}</Button>
    </form>
  )
}
