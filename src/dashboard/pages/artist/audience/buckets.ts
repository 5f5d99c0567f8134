/** How a bucket of plays is called: "1", "3–5" or "101+". Pure. */
export function bucketName(
  { from, to }: { from: number; to: number | null },
  number: (value: number) => string,
): string {
  if (to === null) return `${number(from)}+`
  return from === to ? number(from) : `${number(from)}–${number(to)}`
}
