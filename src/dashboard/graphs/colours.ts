/** The colours of the theme for a canvas, which knows no custom properties, and when to read them again. */
import { useEffect, useState } from 'react'

const SERIES = [1, 2, 3, 4, 5].map(number => `var(--series-${number})`)

export interface Colours {
  /** In the order of the series. */
  series: string[]
  earlier: string
  /** Under the line of a single series: at its top, and at the axis. */
  area: [string, string]
  /** Of what is not over. */
  hatch: string
  ink: string
  inkSoft: string
  line: string
  card: string
}

/** As they are inside an element. `light-dark()` gives a colour only to a property that uses it: so to one of a probe. */
export function readColours(within: HTMLElement): Colours {
  const probe = within.appendChild(document.createElement('span'))
  const read = (colour: string) => {
    probe.style.color = colour
    return getComputedStyle(probe).color
  }
  const faint = (colour: string, share: number) => read(`color-mix(in srgb, ${colour} ${share}%, transparent)`)
  const colours: Colours = {
    series: SERIES.map(read),
    earlier: faint(SERIES[0]!, 60),
    area: [faint(SERIES[0]!, 22), faint(SERIES[0]!, 2)],
    hatch: faint(SERIES[0]!, 30),
    ink: read('var(--ink)'),
    inkSoft: read('var(--ink-soft)'),
    line: read('var(--line)'),
    card: read('var(--card)'),
  }
  probe.remove()
  return colours
}

/** A number that changes with the theme: by the reader's choice, by the system, and for printing. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0)
  useEffect(() => {
    const change = () => setVersion(before => before + 1)
    const choice = new MutationObserver(change)
    choice.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const media = ['(prefers-color-scheme: dark)', 'print'].map(query => matchMedia(query))
    for (const each of media) each.addEventListener('change', change)
    return () => {
      choice.disconnect()
      for (const each of media) each.removeEventListener('change', change)
    }
  }, [])
  return version
}
