/** Starts the dashboard in the page. */
import './theme/theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LanguageProvider } from './language/language.tsx'

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <LanguageProvider>
      <h1>UnderSounds Stats</h1>
    </LanguageProvider>
  </StrictMode>,
)
