/** The cover of an album or the picture of an artist; its first letter where there is none, or where it does not load. */
import { useState } from 'react'
import styles from './cover.module.css'

interface CoverProps {
  src: string | null | undefined
  /** Whose it is; it stands beside the picture, so the picture itself says nothing. */
  name: string
  /** Pixels of each side. */
  size?: number
  round?: boolean
}

export function Cover({ src, name, size = 40, round = false }: CoverProps) {
  const [failed, setFailed] = useState<string | null>(null)
  const className = round ? `${styles.cover} ${styles.round}` : styles.cover
  const style = { width: size, height: size, fontSize: size * 0.42 }
  if (!src || failed === src) {
    return (
      <span className={className} style={style} aria-hidden="true">
        {[...name.trim()][0]?.toUpperCase() ?? '·'}
      </span>
    )
  }
  return (
    <img
      className={className}
      style={style}
      src={src}
      width={size}
      height={size}
      alt=""
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setFailed(src)}
    />
  )
}
