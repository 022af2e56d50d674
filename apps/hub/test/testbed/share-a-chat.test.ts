import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { startApp, watchFailures, type LinkForms } from './kit/link-forms.ts'
import { useSharedApp } from './kit/use-shared-app.ts'

// Guarantee: Socket.IO begins with long polling and moves to a WebSocket through a link, in both forms of it.
describe('a Socket.IO chat', () => {
  const shared = useSharedApp(async () => startApp('chat'))

  it.each(['subdomain', 'path'] as const)(
    'brings messages to the other visitor by the %s form',
    async (form) => {
      const link = await shared.forms.share(form, shared.app.port)
      const [ada, grace] = await Promise.all([enter(shared.forms, link.url), enter(shared.forms, link.url)])
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
