import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

interface BrowserOptions {
  readonly args?: readonly string[]
  /** A certificate authority that this browser trusts as it does the public ones; its folder takes the browser's home. */
  readonly authorityFile?: string
}

/** Debian's Chromium; the flags keep it from asking the network for anything of its own. */
export async function launchBrowser({ args = [], authorityFile }: BrowserOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    ...(authorityFile === undefined ? {} : { env: { ...process.env, HOME: trust(authorityFile) } }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  })
}

/** A home folder whose certificate store has the authority; it lies beside the authority and goes with it. */
function trust(authorityFile: string): string {
  const home = join(dirname(authorityFile), 'home')
  const store = join(home, '.pki/nssdb')
  mkdirSync(store, { recursive: true })
  const certutil = (...args: string[]): void =>
    void execFileSync('certutil', ['-d', `sql:${store}`, ...args], { stdio: 'pipe' })
  certutil('-N', '--empty-password')
  certutil('-A', '-t', 'C,,', '-n', 'test', '-i', authorityFile)
  return home
}
