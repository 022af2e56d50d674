import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../../kit/browser.ts'
import { findFreePort } from '../../kit/free-ports.ts'
import { startTestHub, type TestHub } from '../../kit/hub.ts'
import { makeTemporaryFolder, Program } from '../../kit/processes.ts'
import { sharePort, type SharedPort } from '../../kit/share.ts'

/** Where a visitor's browser ends up. */
export type LinkForm = 'subdomain' | 'path'

/** One hub for each link form, and a browser that finds both. */
export interface LinkForms {
  readonly browser: Browser
  readonly share: (form: LinkForm, port: number, host?: string) => Promise<SharedLink>
  readonly stop: () => Promise<void>
}

export interface SharedLink {
  /** What a browser shows after it opened the link. */
  readonly url: string
  /** The path form, for programs. */
  readonly shareUrl: string
  readonly stop: SharedPort['stop']
}

const pathHubHost = 'hub.test'

/**
 * The second hub has a name that is no loopback name and no domain for shares, so that it serves pages by the path form;
 * the browser is told that the name is this machine's.
 */
export async function startLinkForms(): Promise<LinkForms> {
  const pathHubPort = await findFreePort()
  const [subdomain, path, browser] = await Promise.all([
    startTestHub(),
    startTestHub({ PORT: String(pathHubPort), LINK_URL: `http://${pathHubHost}:${pathHubPort}` }),
    launchBrowser({ args: [`--host-resolver-rules=MAP ${pathHubHost} 127.0.0.1`] }),
  ])
  const hubs: Record<LinkForm, TestHub> = { subdomain, path }
  return {
    browser,
    share: async (form, port, host = '127.0.0.1') => {
      const shared = await sharePort(hubs[form], port, ['--host', host])
      const { shareUrl, subdomainUrl } = shared.share
      return { url: form === 'path' ? `${shareUrl}/` : subdomainUrl, shareUrl, stop: shared.stop }
    },
    stop: async () => {
      await browser.close()
      await Promise.all([subdomain.remove(), path.remove()])
    },
  }
}

interface App {
  readonly port: number
  readonly stop: () => Promise<void>
}

/** One of `apps/`, in a process and with a temporary folder of its own. */
export async function startApp(name: string): Promise<App> {
  const folder = makeTemporaryFolder()
  const file = new URL(`../apps/${name}.mjs`, import.meta.url).pathname
  const program = new Program([file], { PORT: '0', TMPDIR: folder.path })
  const [, port] = await program.waitFor(/ready on (\d+)/)
  return {
    port: Number(port),
    stop: async () => {
      await program.stop()
      folder.remove()
    },
  }
}

/** What went wrong on a page: answers from 400 up, but for the icon that a browser asks for by itself, and errors of its scripts. */
export function watchFailures(page: Page): string[] {
  const failures: string[] = []
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.url().endsWith('/favicon.ico'))
      failures.push(`${response.status()} ${response.url()}`)
  })
  page.on('pageerror', (error) => failures.push(error.message))
  return failures
}
