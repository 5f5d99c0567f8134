/** The page of system. */
import { Title } from '../../parts/title.tsx'

export default function System() {
  return <Title>System</Title>
}
