/** What a reader chooses for this browser: the language, the colours, and whether the page still knows a key. */
import { Menu } from '@base-ui/react/menu'
import { useSyncExternalStore } from 'react'
import { LANGUAGES, type Language, useLanguage, useTexts } from '../language/language.tsx'
import { buttonClass } from '../parts/button.tsx'
import { keyStore } from '../requests/key.ts'
import { THEMES, useTheme } from '../theme/theme.tsx'
import { Icon } from './icons.tsx'
import styles from './menu.module.css'
import { MenuRadioGroup } from './radio-menu.tsx'
import { texts } from './texts.ts'

/** Each in itself, so that who does not read the other one finds it. */
const NAMES: Record<Language, string> = { es: 'Español', en: 'English' }

export function SettingsMenu() {
  const t = useTexts(texts)
  const { language, setLanguage } = useLanguage()
  const [theme, setTheme] = useTheme()
  const key = useSyncExternalStore(keyStore.subscribe, keyStore.key)
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass} aria-label={t.settings} title={t.settings}>
        <Icon name="settings" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className={styles.positioner}>
          <Menu.Popup className={styles.popup}>
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
                <Menu.Separator className={styles.separator} />
                <Menu.Item className={styles.item} onClick={() => keyStore.set(null)}>
                  {t.forgetKey}
                </Menu.Item>
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
