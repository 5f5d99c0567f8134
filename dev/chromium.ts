/** The system's Chromium. */
import { type Browser, chromium } from 'playwright-core'

/** `CHROMIUM` names another one. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

export function launchChromium(): Promise<Browser> {
  // The sandbox of Chromium refuses to start as root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath: EXECUTABLE, args })
}
