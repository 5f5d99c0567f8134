/** The paths of all pages, on the data of the demo. */
import type { Demo } from '../../../dev/demo/start-demo.ts'

interface Rows {
  items: { id: string }[]
}

/** By the name of the page. */
export async function pathsOf({ url, artists, listener }: Demo): Promise<Record<string, string>> {
  const first = async (kind: 'tracks' | 'albums') => {
    const answer = await fetch(`${url}/api/stats/artist/${artists.biggest}/${kind}?limit=1`)
    return ((await answer.json()) as Rows).items[0]!.id
  }
  return {
    overview: '/',
    artist: `/artist/${artists.biggest}`,
    track: `/track/${await first('tracks')}`,
    album: `/album/${await first('albums')}`,
    charts: '/charts',
    recommendations: `/recommendations?listener=${listener}`,
    alerts: '/alerts',
    system: '/system',
  }
}
