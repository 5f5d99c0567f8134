/** The page of overview. */
import { Title } from '../../parts/title.tsx'

export default function Overview() {
  return <Title>Overview</Title>
}
