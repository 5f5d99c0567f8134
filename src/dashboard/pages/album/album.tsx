/** The page of album. */
import { Title } from '../../parts/title.tsx'

export default function Album() {
  return <Title>Album</Title>
}
