/** Performs actions on dead letters one at a time, and knows how far the present one is. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { type Action, type Outcome, perform } from './actions.ts'
import { LETTERS_PATH } from './letters.ts'

export type LetterActions = ReturnType<typeof useLetterActions>

export function useLetterActions() {
  const queries = useQueryClient()
  const abort = useRef(new AbortController())
  const [progress, setProgress] = useState({ done: 0, total: 0 })
  const { mutate, ...mutation } = useMutation<Outcome, Error, Action>({
    mutationFn: action => {
      abort.current = new AbortController()
      setProgress({ done: 0, total: 0 })
      const onProgress = (done: number, total: number) => setProgress({ done, total })
      return perform(action, { signal: abort.current.signal, onProgress })
    },
    // Awaited, so that what is told is told when the list is as it says.
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(LETTERS_PATH) }),
  })
  const run = (action: Action, onDone?: (outcome: Outcome) => void) => {
    if (!mutation.isPending) mutate(action, onDone ? { onSuccess: onDone } : {})
  }
  return { ...mutation, run, progress, stop: () => abort.current.abort() }
}
