/** The page that everybody sees first: today, this moment, a range of time, and what is listened to. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { PlatformKpis } from '../../../http/kpis.ts'
import { useTexts } from '../../language/language.tsx'
import { Title } from '../../parts/title.tsx'
import { useAnswer } from '../../requests/queries.ts'
import { Charts } from './charts.tsx'
import { LastHours } from './last-hours.tsx'
import { Later } from './later.tsx'
import { Listening } from './listening.tsx'
import styles from './overview.module.css'
import { Platform } from './platform.tsx'
import { texts } from './texts.ts'
import { Today } from './today.tsx'
import { useToday } from './use-today.ts'
import { Welcome } from './welcome.tsx'

/** A service without events is asked again so often, so that the first one is shown soon. */
const FIRST_EVENT_MS = 3_000

export default function Overview() {
  const t = useTexts(texts)
  const today = useToday()
  if (useIsEmpty(today.data)) return <Welcome />
  return (
    <>
      <Title>{t.title}</Title>
      <div className={styles.page}>
        <div className={styles.now}>
          <Today query={today} />
          <Listening />
        </div>
        <Platform />
        <Later height="27rem">
          <LastHours />
        </Later>
        <Charts mode="most" title={t.charts} />
        <Charts mode="rising" title={t.rising} />
      </div>
    </>
  )
}

/** Whether no event has ever come, which is asked where today has none. With the first one, everything is asked anew. */
function useIsEmpty(today: PlatformKpis | undefined): boolean {
  const isQuiet = today?.lastEventAt === null
  const options = { enabled: isQuiet, refetchInterval: isQuiet && FIRST_EVENT_MS } as const
  const ever = useAnswer<PlatformKpis>('/api/stats/overview', {}, options)
  const isEmpty = isQuiet && ever.data?.lastEventAt === null
  const queries = useQueryClient()
  useEffect(() => {
    if (!isEmpty) return
    return () => void queries.invalidateQueries()
  }, [isEmpty, queries])
  return isEmpty
}
