/** The page of charts. */
import { Title } from '../../parts/title.tsx'

export default function Charts() {
  return <Title>Charts</Title>
}
