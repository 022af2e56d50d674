import { createRequire } from 'node:module'
import type { BrowserContext, Page } from 'playwright-core'

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface AxeResult {
  readonly violations: ReadonlyArray<{
    readonly id: string
    readonly nodes: ReadonlyArray<{ readonly html: string }>
  }>
}

/** Gives every page of the context the checker, from outside of its policy, as the developer tools do. */
export async function addAxe(context: BrowserContext): Promise<void> {
  await context.addInitScript({ path: axeFile })
}

/** What keeps people out of the page as it is now, a line each. */
export async function findViolations(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResult>('axe.run()')
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

/** What cannot be read for its colours, a line each: what another colour scheme may change. */
export async function findContrastFaults(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResult>("axe.run({ runOnly: ['color-contrast'] })")
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
