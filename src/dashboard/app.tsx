/** The dashboard: what surrounds every page, and which page an address shows. */
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { NAVIGATION, PATHS, useLinks } from './address/paths.ts'
import styles from './app.module.css'
import { LanguageProvider, useTexts } from './language/language.tsx'
import { ConnectionLost } from './layout/connection-lost.tsx'
import { Footer } from './layout/footer.tsx'
import { Header } from './layout/header.tsx'
import { NotFound } from './layout/not-found.tsx'
import { PageBoundary } from './layout/page-boundary.tsx'
import { ShortcutsProvider, useShortcuts } from './layout/shortcuts.tsx'
import { texts } from './layout/texts.ts'
import { keyStore } from './requests/key.ts'
import { newQueryClient } from './requests/queries.ts'

const SearchDialog = lazy(() => import('./layout/search/search-dialog.tsx'))
const KeysDialog = lazy(() => import('./layout/keys-dialog.tsx'))
const KeyDialog = lazy(() => import('./layout/key-dialog.tsx'))

/** Each page is a file of its own, which is loaded when it is shown first. */
const FILES = {
  overview: () => import('./pages/overview/overview.tsx'),
  artist: () => import('./pages/artist/artist.tsx'),
  track: () => import('./pages/track/track.tsx'),
  album: () => import('./pages/album/album.tsx'),
  charts: () => import('./pages/charts/charts.tsx'),
  recommendations: () => import('./pages/recommendations/recommendations.tsx'),
  alerts: () => import('./pages/alerts/alerts.tsx'),
  system: () => import('./pages/system/system.tsx'),
}

type Page = keyof typeof FILES

const PAGES = Object.entries(FILES).map(([page, load]) => ({ path: PATHS[page as Page], component: lazy(load) }))

// The file of the page that the address names comes while all around it is rendered, and not only then.
const asked = (Object.keys(FILES) as Page[]).find(page => firstPart(PATHS[page]) === firstPart(location.pathname))
if (asked) void FILES[asked]().catch(() => {})

export function App() {
  const [queries] = useState(newQueryClient)
  return (
    // Its parts bring no styles of their own, which the content security policy would refuse.
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <LanguageProvider>
          <ShortcutsProvider>
            <Layout />
          </ShortcutsProvider>
        </LanguageProvider>
      </QueryClientProvider>
    </CSPProvider>
  )
}

function Layout() {
  const t = useTexts(texts)
  const links = useLinks()
  const [path, navigate] = useLocation()
  const [open, setOpen] = useState<'search' | 'keys' | null>(null)
  const isKeyWanted = useSyncExternalStore(keyStore.subscribe, keyStore.isWanted)
  const main = useFocusOnNewPage(path)
  const close = () => setOpen(null)
  useShortcuts(
    useMemo(
      () => [
        { keys: '/', does: t.key.search, run: () => setOpen('search') },
        { keys: '?', does: t.key.keys, run: () => setOpen('keys') },
        ...NAVIGATION.map(page => ({
          keys: `g ${page[0]}`,
          does: t.key.page(t[page]),
          run: () => navigate(links.page(page)),
        })),
      ],
      [t, links, navigate],
    ),
  )
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
        event.preventDefault()
        setOpen('search')
      }
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <a className={styles.skip} href="#content">
        {t.skip}
      </a>
      <Header onSearch={() => setOpen('search')} onKeys={() => setOpen('keys')} />
      <main id="content" ref={main} className="shell-main">
        <PageBoundary key={path}>
          <Suspense fallback={<PageSkeleton />}>
            <Switch>
              {PAGES.map(({ path, component }) => (
                <Route key={path} path={path} component={component} />
              ))}
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </PageBoundary>
      </main>
      <Footer />
      <ConnectionLost />
      <Suspense>
        {open === 'search' && (
          <SearchDialog onClose={close} onChoose={(kind, id) => navigate(links.entity(kind, id))} />
        )}
        {open === 'keys' && <KeysDialog onClose={close} />}
        {isKeyWanted && <KeyDialog />}
      </Suspense>
    </>
  )
}

/** Sets the focus on the heading of a page that was not the first one: who listens hears where they are. */
function useFocusOnNewPage(path: string) {
  const main = useRef<HTMLElement>(null)
  const first = useRef(path)
  useEffect(() => {
    if (first.current === path) return
    first.current = ''
    window.scrollTo(0, 0)
    // A page that was not shown before is still being loaded.
    return main.current ? onceThere(main.current, 'h1', heading => heading.focus()) : undefined
  }, [path])
  return main
}

/** Calls `run` with the first element of a selector, now or when it comes. Returns what takes it back. */
function onceThere(within: HTMLElement, selector: string, run: (found: HTMLElement) => void): () => void {
  const observer = new MutationObserver(look)
  function look() {
    const found = within.querySelector<HTMLElement>(selector)
    if (!found) return
    observer.disconnect()
    run(found)
  }
  observer.observe(within, { childList: true, subtree: true })
  look()
  return () => observer.disconnect()
}

/** As `index.html` shows it until the script has come. */
function PageSkeleton() {
  return (
    <div className="shell-skeleton" aria-busy="true">
      <div />
      <div />
      <div />
    </div>
  )
}

/** Of a path: `artist` of `/artist/4`. */
function firstPart(path: string): string | undefined {
  return path.split('/')[1]
}
