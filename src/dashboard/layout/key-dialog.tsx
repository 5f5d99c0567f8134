/** Asks for an API key, where the service says that one is needed. */
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../language/language.tsx'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { keyStore } from '../requests/key.ts'
import { Dialog } from './dialog.tsx'
import { texts } from './texts.ts'

export default function KeyDialog() {
  const t = useTexts(texts)
  const queries = useQueryClient()
  const [key, setKey] = useState('')
  const use = (event: FormEvent) => {
    event.preventDefault()
    if (key.trim() === '') return
    keyStore.set(key.trim())
    void queries.resetQueries({ predicate: ({ state }) => state.status === 'error' })
  }
  return (
    <Dialog title={t.apiKey} note={t.apiKeyNote} onClose={keyStore.leave}>
      <form onSubmit={use}>
        {/* Where there is one already, this is asked because the service did not take it. */}
        <Field label={t.apiKey} problem={keyStore.key() === null ? undefined : t.keyRefused}>
          <input
            type="password"
            autoComplete="off"
            required
            value={key}
            onChange={event => setKey(event.target.value)}
          />
        </Field>
        <Button type="submit">{t.useKey}</Button>
      </form>
    </Dialog>
  )
}
