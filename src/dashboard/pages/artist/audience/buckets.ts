/** How a bucket of plays is called: "1", "3–5", or what begins with its least. Pure. */
export function bucketName(
  { from, to }: { from: number; to: number | null },
  number: (value: number) => string,
  orMore: (from: string) => string,
): string {
  if (to === null) return orMore(number(from))
  return from === to ? number(from) : `${number(from)}–${number(to)}`
}
