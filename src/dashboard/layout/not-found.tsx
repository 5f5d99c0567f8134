/** What an address shows that is none of the page's. */
import { Link } from 'wouter'
import { useLinks } from '../address/paths.ts'
import { useTexts } from '../language/language.tsx'
import { buttonClass } from '../parts/button.tsx'
import { Title } from '../parts/title.tsx'
import { texts } from './texts.ts'

export function NotFound() {
  const t = useTexts(texts)
  const links = useLinks()
  return (
    <>
      <Title>{t.notFound}</Title>
      <p>{t.notFoundNote}</p>
      <p>
        <Link href={links.page('overview')} className={buttonClass}>
          {t.home}
        </Link>
      </p>
    </>
  )
}
