/** Whether a part of the page is near what is looked at: parts further below wait with their questions, so that what is seen comes first. */
import { type RefObject, useEffect, useRef, useState } from 'react'

/** A part counts as near from so far below the window on. */
const MARGIN = '400px'
/** What nobody comes near comes by itself, part by part, for print and for those who listen: after so many milliseconds. */
const FIRST_MS = 1_500
const NEXT_MS = 300

/** The parts that wait, in the order of the page. */
const waiting = new Set<() => void>()
let isShowing = false

/** For the element of a part; once near, it stays so. */
export function useNear(): [RefObject<HTMLDivElement | null>, boolean] {
  const element = useRef<HTMLDivElement>(null)
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    if (isNear) return
    const show = () => setNear(true)
    const observer = new IntersectionObserver(entries => entries.some(each => each.isIntersecting) && show(), {
      rootMargin: `0px 0px ${MARGIN}`,
    })
    if (element.current) observer.observe(element.current)
    waiting.add(show)
    if (!isShowing) setTimeout(showNext, FIRST_MS)
    isShowing = true
    return () => {
      observer.disconnect()
      waiting.delete(show)
    }
  }, [isNear])
  return [element, isNear]
}

function showNext(): void {
  const [next] = waiting
  isShowing = next !== undefined
  if (!next) return
  waiting.delete(next)
  next()
  setTimeout(showNext, NEXT_MS)
}
