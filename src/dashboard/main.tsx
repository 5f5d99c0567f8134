/** Starts the dashboard in the page. */
import { StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'

// A transition is rendered in small pieces; until it is done, what `index.html` shows stays.
startTransition(() =>
  createRoot(document.getElementById('app')!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
)

// The browser loads the data of all its languages when a format is made first, which takes it some 30 ms: not in the midst of
// drawing the page, which needs formats.
setTimeout(() => new Intl.NumberFormat())
