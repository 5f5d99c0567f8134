/** Where a key moves the crosshair. Pure. */
const MANY = 10

const MOVES: ReadonlyMap<string, number> = new Map([
  ['ArrowLeft', -1],
  ['ArrowDown', -1],
  ['ArrowRight', 1],
  ['ArrowUp', 1],
  ['PageUp', -MANY],
  ['PageDown', MANY],
])

/**
 * The point after a key: null leaves, undefined is a key of no meaning here. Without a point, a key begins at the `latest`
 * one that has begun.
 */
export function pointAfterKey(
  key: string,
  at: number | null,
  { count, latest }: { count: number; latest: number },
): number | null | undefined {
  const within = (index: number) => Math.min(count - 1, Math.max(0, index))
  if (key === 'Escape') return null
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const move = MOVES.get(key)
  if (move === undefined) return undefined
  return at === null ? latest : within(at + move)
}
