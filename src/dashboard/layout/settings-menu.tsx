/** What a reader chooses for this browser: the language, the colours, and whether the page still knows a key. */
import { Menu as Base } from '@base-ui/react/menu'
import { useSyncExternalStore } from 'react'
import { LANGUAGES, type Language, useLanguage, useTexts } from '../language/language.tsx'
import { keyStore } from '../requests/key.ts'
import { THEMES, useTheme } from '../theme/theme.tsx'
import styles from './menu.module.css'
import { Menu } from './menu.tsx'
import type { OpenMenu } from './menu-button.tsx'
import { MenuRadioGroup } from './radio-menu.tsx'
import { texts } from './texts.ts'

/** Each in itself, so that who does not read the other one finds it. */
const NAMES: Record<Language, string> = { es: 'Español', en: 'English' }

export default function SettingsMenu(open: OpenMenu) {
  const t = useTexts(texts)
  const { language, setLanguage } = useLanguage()
  const [theme, setTheme] = useTheme()
  const key = useSyncExternalStore(keyStore.subscribe, keyStore.key)
  return (
    <Menu {...open}>
      <MenuRadioGroup
        label={t.language}
        words={LANGUAGES}
        nameOf={word => NAMES[word]}
        value={language}
        onChange={setLanguage}
      />
      <MenuRadioGroup
        label={t.theme}
        words={THEMES}
        nameOf={word => t.themes[word]}
        value={theme}
        onChange={setTheme}
      />
      {key !== null && (
        <>
          <Base.Separator className={styles.separator} />
          <Base.Item className={styles.item} onClick={() => keyStore.set(null)}>
            {t.forgetKey}
          </Base.Item>
        </>
      )}
    </Menu>
  )
}
