/** The head of every page: its name, the pages, the search, the language and the colours. */
import { lazy } from 'react'
import { Link, useLocation } from 'wouter'
import { NAVIGATION, PATHS, useLinks } from '../address/paths.ts'
import icon from '../icon.svg'
import { useTexts } from '../language/language.tsx'
import { Button } from '../parts/button.tsx'
import styles from './header.module.css'
import { Icon } from './icons.tsx'
import { MenuButton } from './menu-button.tsx'

import { texts } from './texts.ts'

const loadSettings = () => import('./settings-menu.tsx')
const SettingsMenu = lazy(loadSettings)

export function Header({ onSearch, onKeys }: { onSearch: () => void; onKeys: () => void }) {
  const t = useTexts(texts)
  const links = useLinks()
  const [path] = useLocation()
  return (
    <header className="shell-header">
      <Link href={links.page('overview')} className="shell-name">
        <img src={icon} alt="" width="28" height="28" decoding="sync" />
        <span>
          UnderSounds <b>Stats</b>
        </span>
      </Link>
      <nav className={styles.pages} aria-label={t.pages}>
        {NAVIGATION.map(page => (
          <Link key={page} href={links.page(page)} aria-current={path === PATHS[page] ? 'page' : undefined}>
            {t[page]}
          </Link>
        ))}
      </nav>
      <div className={styles.tools}>
        <Button className={styles.search} onClick={onSearch} aria-keyshortcuts="/ Control+K" aria-label={t.search}>
          <Icon name="search" />
          <span className={styles.wide}>{t.search}</span>
          <kbd className={styles.wide}>/</kbd>
        </Button>
        <Button className={styles.keys} onClick={onKeys} aria-label={t.keys} title={t.keys} aria-keyshortcuts="?">
          <Icon name="keys" />
        </Button>
        <MenuButton label={t.settings} load={loadSettings} menu={open => <SettingsMenu {...open} />}>
          <Icon name="settings" />
        </MenuButton>
      </div>
    </header>
  )
}
