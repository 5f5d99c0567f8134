/** The page of track. */
import { Title } from '../../parts/title.tsx'

export default function Track() {
  return <Title>Track</Title>
}
