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

// The browser looks up which languages it has when numbers are written first, which takes it some 20 ms: not in the midst of
// drawing the page, which writes many.
setTimeout(() => Intl.NumberFormat.supportedLocalesOf('en'))
