/** What the answers of an artist, a release and the platform have in common. */
import type { ArtistKpis } from '../../http/kpis.ts'

export type Kpis = Omit<ArtistKpis, 'artistId'>
