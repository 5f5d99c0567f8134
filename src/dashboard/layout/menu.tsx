/** An open menu below its button. */
import { Menu as Base } from '@base-ui/react/menu'
import type { ReactNode } from 'react'
import styles from './menu.module.css'
import type { OpenMenu } from './menu-button.tsx'

export function Menu({ anchor, onClose, children }: OpenMenu & { children: ReactNode }) {
  return (
    <Base.Root open onOpenChange={isOpen => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} sideOffset={6} align="end" className={styles.positioner}>
          <Base.Popup className={styles.popup} finalFocus={anchor}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
