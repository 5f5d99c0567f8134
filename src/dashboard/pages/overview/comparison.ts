/** How today's plays compare with those of the same hours before, as a sentence. Pure. */
import type { texts } from './texts.ts'

type Texts = Pick<(typeof texts)['en'], 'what' | 'more' | 'less' | 'same' | 'noneBefore'>

/** `percent` is the change as the API gives it; `day` and `time` say until when was counted then; `format` writes a share. */
export function comparisonOf(
  percent: number | null,
  { day, time }: { day: string; time: string },
  { t, format }: { t: Texts; format: (share: number) => string },
): string {
  if (percent === null) return t.noneBefore(day, time)
  if (percent === 0) return t.same(day, time)
  const say = percent > 0 ? t.more : t.less
  return say(format(Math.abs(percent) / 100), t.what, day, time)
}
