/** The page's keys: who uses one says what it does, so that `?` can list those of the page that is shown. */
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { keepChoice, keptChoice } from '../language/kept-choice.ts'

export interface Shortcut {
  /** As `KeyboardEvent.key`, or two of them one after the other: `g o`. */
  keys: string
  does: string
  run: () => void
}

interface Shortcuts {
  add: (shortcuts: readonly Shortcut[]) => () => void
  /** All that work at this moment. */
  list: () => Shortcut[]
  isOn: boolean
  setOn: (isOn: boolean) => void
}

/** The second key of two must come within so many milliseconds. */
const SECOND_KEY_MS = 1_000

const ShortcutsContext = createContext<Shortcuts | null>(null)

export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const sets = useRef(new Set<readonly Shortcut[]>())
  const [isOn, setOn] = useState(keptChoice('keys', ['on', 'off']) !== 'off')
  const add = useCallback((shortcuts: readonly Shortcut[]) => {
    sets.current.add(shortcuts)
    return () => void sets.current.delete(shortcuts)
  }, [])
  const list = useCallback(() => [...sets.current].flat(), [])
  useEffect(() => {
    if (!isOn) return
    let first = { key: '', at: 0 }
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return
      const before = event.timeStamp - first.at < SECOND_KEY_MS ? `${first.key} ` : ''
      first = { key: event.key, at: event.timeStamp }
      const found =
        list().find(({ keys }) => keys === before + event.key) ?? list().find(({ keys }) => keys === event.key)
      if (!found) return
      event.preventDefault()
      found.run()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [isOn, list])
  const value = useMemo(() => {
    const turn = (on: boolean) => {
      keepChoice('keys', on ? 'on' : 'off')
      setOn(on)
    }
    return { add, list, isOn, setOn: turn }
  }, [add, list, isOn])
  return <ShortcutsContext value={value}>{children}</ShortcutsContext>
}

export function useShortcutList() {
  const shortcuts = use(ShortcutsContext)
  if (!shortcuts) throw new Error('there is no ShortcutsProvider around')
  return shortcuts
}

/** Keys that work for as long as the component is shown. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const { add } = useShortcutList()
  useEffect(() => add(shortcuts), [add, shortcuts])
}

/** Whether keys mean letters of a text there, or belong to a dialog or a menu. */
function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=radio]), textarea, select, [role=dialog], [role=menu]') !== null
  )
}
