/** A button that opens a menu. The code of menus is loaded when the button is pointed at, focused or pressed first. */
import { type ReactNode, type RefObject, Suspense, useRef, useState } from 'react'
import { buttonClass } from '../parts/button.tsx'

/** What a menu is given: where it stands, and what closes it. */
export interface OpenMenu {
  anchor: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

interface MenuButtonProps {
  /** Its name, where its content says none. */
  label?: string
  /** Loads the code of the menu, so that it is there when it is opened. */
  load: () => Promise<unknown>
  /** The menu, which may be lazy. */
  menu: (open: OpenMenu) => ReactNode
  disabled?: boolean
  children: ReactNode
}

export function MenuButton({ label, load, menu, disabled, children }: MenuButtonProps) {
  const anchor = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  // What cannot be loaded yet is tried again when the menu is opened.
  const preload = () => void load().catch(() => {})
  const onClose = () => {
    setOpen(false)
    anchor.current?.focus()
  }
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={buttonClass}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        disabled={disabled}
        onPointerEnter={preload}
        onFocus={preload}
        onClick={() => setOpen(true)}
      >
        {children}
      </button>
      <Suspense>{isOpen && menu({ anchor, onClose })}</Suspense>
    </>
  )
}
