/** That there is nothing to show, why, and a command that changes it. */
import { type ReactNode, useState } from 'react'
import { useTexts } from '../language/language.tsx'
import { Button } from './button.tsx'
import styles from './empty.module.css'
import { texts } from './texts.ts'

export function Empty({ children, command }: { children: ReactNode; command?: string }) {
  return (
    <div className={styles.empty}>
      <p>{children}</p>
      {command !== undefined && <Command text={command} />}
    </div>
  )
}

/** A command for a terminal, which can be copied. */
export function Command({ text }: { text: string }) {
  const t = useTexts(texts)
  const [isCopied, setCopied] = useState(false)
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true))
  return (
    <div className={styles.command}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      {/* Pages that are not on https or on this machine have no clipboard. */}
      {navigator.clipboard && <Button onClick={() => void copy()}>{isCopied ? t.copied : t.copy}</Button>}
    </div>
  )
}
