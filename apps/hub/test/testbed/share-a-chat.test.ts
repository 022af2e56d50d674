import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, startLinkForms, watchFailures, type App, type LinkForms } from './kit/link-forms.ts'

// Guarantee: Socket.IO begins with long polling and moves to a WebSocket through a link, in both forms of it.
describe('a Socket.IO chat', () => {
  let forms: LinkForms
  let app: App

  beforeAll(async () => {
    ;[forms, app] = await Promise.all([startLinkForms(), startApp('chat')])
  })

  afterAll(async () => {
    await app?.stop()
    await forms?.stop()
  })

  it.each(['subdomain', 'path'] as const)(
    'brings messages to the other visitor by the %s form',
    async (form) => {
      const link = await forms.share(form, app.port)
      const [ada, grace] = await Promise.all([enter(forms, link.url), enter(forms, link.url)])
      await ada.page.getByLabel('Message').fill('Hello from Ada')
      await ada.page.getByRole('button', { name: 'Send' }).click()
      await grace.page.getByText('Hello from Ada').waitFor()
      await grace.page.getByLabel('Message').fill('Grace here')
      await grace.page.getByRole('button', { name: 'Send' }).click()
      await ada.page.getByText('Grace here').waitFor()
      expect([...ada.failures, ...grace.failures]).toEqual([])
      await Promise.all([ada.page.close(), grace.page.close()])
      await link.stop()
    },
  )
})

async function enter(forms: LinkForms, url: string): Promise<{ page: Page; failures: string[] }> {
  const page = await forms.browser.newPage()
  const failures = watchFailures(page)
  await page.goto(url)
  await page.getByText('Transport: websocket').waitFor()
  return { page, failures }
}
