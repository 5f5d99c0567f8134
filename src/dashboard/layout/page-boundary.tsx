/** A page that could not be shown, or whose file could not be loaded, says so; what surrounds it stays. */
import { Component, type ReactNode } from 'react'
import { useTexts } from '../language/language.tsx'
import { Button } from '../parts/button.tsx'
import { texts } from './texts.ts'

/** It is given the page's path as `key`: another page begins without the error of the one before. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    const { error } = this.state
    return error ? <PageFailed error={error} /> : this.props.children
  }
}

/** A browser keeps that a file could not be loaded: only a page that is loaded anew asks for it again. */
function PageFailed({ error }: { error: Error }) {
  const t = useTexts(texts)
  return (
    <div role="alert">
      <h1>{t.pageFailed}</h1>
      <p>{error.message}</p>
      <Button onClick={() => location.reload()}>{t.tryAgain}</Button>
    </div>
  )
}
