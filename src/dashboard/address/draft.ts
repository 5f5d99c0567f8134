/** A text that is being written. */
import { useState } from 'react'

/** The text in a field, and a function that changes it; it begins anew whenever the address says another `value`. */
export function useDraft(value: string): [string, (text: string) => void] {
  const [draft, setDraft] = useState({ of: value, text: value })
  const text = draft.of === value ? draft.text : value
  return [text, text => setDraft({ of: value, text })]
}
