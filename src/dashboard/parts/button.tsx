/** A button, and a link that looks like one. */
import type { ComponentProps } from 'react'
import styles from './button.module.css'

export function Button({ className, ...props }: ComponentProps<'button'>) {
  return <button type="button" {...props} className={className ? `${styles.button} ${className}` : styles.button} />
}

export const buttonClass = styles.button
