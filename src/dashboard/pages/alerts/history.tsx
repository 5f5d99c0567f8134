/** The history of alerts, the newest first: of all artists, or of the one that the address names. */
import { useQuery } from '@tanstack/react-query'
import type { AlertHistory } from '../../../http/alerts.ts'
import { useParameters } from '../../address/parameters.ts'
import { useTexts } from '../../language/language.tsx'
import { Answer } from '../../parts/answer.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Pager } from '../../parts/pager.tsx'
import { SkeletonRows } from '../../parts/skeleton.tsx'
import { keyStore } from '../../requests/key.ts'
import { addressOf, send } from '../../requests/request.ts'
import { AlertRow } from './alert-row.tsx'
import { ArtistFilter } from './artist-filter.tsx'
import styles from './history.module.css'
import { texts } from './texts.ts'

const PATH = '/api/stats/alerts/history'
const ROWS = 20

export function History() {
  const t = useTexts(texts)
  const { parameters } = useParameters()
  const artistId = parameters.get('artist')
  const query = useHistory(artistId, parameters.get('cursor'))
  const empty = artistId === null ? <Empty command={requestCommand('1')}>{t.empty}</Empty> : null
  const emptyOfArtist = artistId && <Empty command={requestCommand(artistId)}>{t.emptyOfArtist(artistId)}</Empty>
  return (
    <Card title={t.history} actions={<ArtistFilter key={artistId} />}>
      <Answer
        query={query}
        skeleton={<SkeletonRows rows={8} height="4.5rem" />}
        empty={{ when: ({ alerts }) => alerts.length === 0, show: emptyOfArtist || empty }}
      >
        {({ alerts }) => (
          <ol className={styles.rows}>
            {alerts.map(alert => (
              <AlertRow key={alert.id} alert={alert} />
            ))}
          </ol>
        )}
      </Answer>
      <Pager list={t.history} parameter="cursor" next={query.data?.nextCursor ?? null} />
    </Card>
  )
}

/** The cursor of the next page comes in a header. */
function useHistory(artistId: string | null, cursor: string | null) {
  const parameters = { artistId, cursor, limit: ROWS }
  return useQuery({
    queryKey: [PATH, parameters],
    queryFn: async ({ signal }) => {
      const response = await send(addressOf(PATH, parameters), { signal })
      const alerts = (await response.json()) as AlertHistory
      return { alerts, nextCursor: response.headers.get('x-next-cursor') }
    },
  })
}

/** A threshold of 0 is always reached, so that the command shows an alert at once. A key is not written into it. */
function requestCommand(artistId: string): string {
  const body = JSON.stringify({ artistId, thresholds: { plays: 0 } }).replaceAll("'", String.raw`\u0027`)
  const key = keyStore.key() === null ? [] : ['  -H "x-api-key: $ADMIN_API_KEY" \\']
  return [
    `curl ${location.origin}/api/stats/alerts \\`,
    ...key,
    "  -H 'content-type: application/json' \\",
    `  -d '${body}'`,
  ].join('\n')
}
