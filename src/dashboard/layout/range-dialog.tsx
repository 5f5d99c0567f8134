/** Asks for a range by its first and last day, and for a time zone. */
import { type FormEvent, useState } from 'react'
import { today } from '../address/ranges.ts'
import { useView } from '../address/view.ts'
import { useTexts } from '../language/language.tsx'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Dialog } from './dialog.tsx'
import { texts } from './texts.ts'

export default function RangeDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts)
  const { days, tz, range, change } = useView()
  const [zone, setZone] = useState(tz)
  const present = today(tz, Date.now())
  const [from, setFrom] = useState(days.startDate ?? present)
  const [to, setTo] = useState(days.endDate ?? present)
  const isWrong = from > to
  const isRangeKept = from === (days.startDate ?? present) && to === (days.endDate ?? present) && range !== 'own'
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (isWrong) return
    change({ tz: zone, ...(!isRangeKept && { range: 'own', from, to, interval: null }) })
    onClose()
  }
  return (
    <Dialog title={t.range} onClose={onClose}>
      <form onSubmit={apply}>
        <Field label={t.from}>
          <input type="date" required value={from} max="9999-12-31" onChange={event => setFrom(event.target.value)} />
        </Field>
        <Field label={t.to} problem={isWrong ? t.wrongOrder : undefined}>
          <input type="date" required value={to} max="9999-12-31" onChange={event => setTo(event.target.value)} />
        </Field>
        <Field label={t.zone}>
          <select value={zone} onChange={event => setZone(event.target.value)}>
            {zones(tz).map(each => (
              <option key={each} value={each}>
                {each.replaceAll('_', ' ')}
              </option>
            ))}
          </select>
        </Field>
        <Button type="submit" disabled={isWrong}>
          {t.apply}
        </Button>
      </form>
    </Dialog>
  )
}

/** The zones that the browser knows; UTC and the present one are not always among those that it lists. */
function zones(present: string): string[] {
  return [...new Set(['UTC', present, ...Intl.supportedValuesOf('timeZone')])]
}
