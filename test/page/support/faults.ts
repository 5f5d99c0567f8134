/** What no page may do while it is looked at: log an error, break its policy, open a dialog, ask a foreign host. */
import type { BrowserContext, Page } from 'playwright-core'

/** Collects what a page does wrong, from now on. `hosts` are those that it may ask, such as `127.0.0.1:5002`. */
export async function collectFaults(context: BrowserContext, hosts: readonly string[]): Promise<string[]> {
  const faults: string[] = []
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
      console.error(`policy violation: ${effectiveDirective} ${blockedURI} ${sample}`),
    )
  })
  context.on('page', page => watch(page, hosts, faults))
  return faults
}

function watch(page: Page, hosts: readonly string[], faults: string[]): void {
  page.on('console', message => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', error => faults.push(`error: ${error.message}`))
  page.on('request', request => {
    const { protocol, host } = new URL(request.url())
    if (protocol !== 'blob:' && !hosts.includes(host)) faults.push(`foreign request: ${request.url()}`)
  })
  page.on('dialog', async dialog => {
    faults.push(`dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
}
