/** Parameters of the page's address: each view is one address, which can be shared. */
import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'

/** What changes in the address; null removes a parameter. */
export type Changes = Readonly<Record<string, string | null>>

/**
 * The parameters of the address, and a function that changes some of them. A change is a step that the browser's back
 * button undoes; `replace` is for what nobody would go back to, such as each letter of a text.
 */
export function useParameters() {
  const search = useSearch()
  const [, navigate] = useLocation()
  const parameters = useMemo(() => new URLSearchParams(search), [search])
  const change = useCallback(
    (changes: Changes, { replace = false } = {}) => {
      // Of the address as it is at this moment: two changes may come one right after the other. The router's path is half decoded.
      navigate(addressWith(location.pathname, new URLSearchParams(location.search), changes), { replace })
    },
    [navigate],
  )
  return { parameters, change }
}

/** A parameter that is one of some words, and a function that changes it; the first word is meant where it is absent. */
export function useChoice<const Word extends string>(
  name: string,
  words: readonly [Word, ...Word[]],
): [Word, (word: Word) => void] {
  const { parameters, change } = useParameters()
  const asked = parameters.get(name)
  const chosen = words.find(word => word === asked) ?? words[0]
  const choose = useCallback((word: Word) => change({ [name]: word === words[0] ? null : word }), [change, name, words])
  return [chosen, choose]
}

/** The word after this one; after the last the first. For keys that go through choices. */
export function wordAfter<Word extends string>(words: readonly Word[], word: Word): Word {
  return words[(words.indexOf(word) + 1) % words.length] ?? word
}

/** A path with parameters, some of them changed. */
export function addressWith(path: string, parameters: URLSearchParams, changes: Changes): string {
  const changed = new URLSearchParams(parameters)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.delete(name)
    else changed.set(name, value)
  }
  return changed.size === 0 ? path : `${path}?${changed}`
}
