/** The page of artist. */
import { Title } from '../../parts/title.tsx'

export default function Artist() {
  return <Title>Artist</Title>
}
