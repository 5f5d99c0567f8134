/** The page of recommendations. */
import { Title } from '../../parts/title.tsx'

export default function Recommendations() {
  return <Title>Recommendations</Title>
}
