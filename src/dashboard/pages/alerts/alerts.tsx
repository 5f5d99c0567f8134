/** The page of alerts. */
import { Title } from '../../parts/title.tsx'

export default function Alerts() {
  return <Title>Alerts</Title>
}
