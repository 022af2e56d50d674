import { describe, expect, it, vi } from 'vitest'
import { startApp, watchFailures } from './kit/link-forms.ts'
import { useSharedApp } from './kit/use-shared-app.ts'

// Guarantee: nothing is held back: each event and each word is on the visitor's screen before the app makes the next.
describe('an app with server-sent events and answers that are streamed word by word', () => {
  const shared = useSharedApp(async () => startApp('events'))

  const tell = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${shared.app.port}/${path}`, { method: 'POST' })
    return (await answer.json()) as T
  }

  it.each(['subdomain', 'path'] as const)('shows each at once by the %s form', async (form) => {
    const link = await shared.forms.share(form, shared.app.port)
    const page = await shared.forms.browser.newPage()
    const failures = watchFailures(page)
    await page.goto(link.url)

    for (const text of ['one', 'two', 'three']) {
      await tell(`_say/${form}-${text}`)
      await page.getByText(`${form}-${text}`).waitFor()
    }
    // The browser comes back with the last id that it saw; what was said meanwhile is there once.
    await tell('_drop')
    await tell(`_say/${form}-four`)
    await page.getByText(`${form}-four`).waitFor()
    expect(await page.getByText(`${form}-one`).count()).toBe(1)

    await page.getByRole('button', { name: 'Ask' }).click()
    for (const word of ['Because', 'of', 'scattering']) {
      await vi.waitFor(
        async () => expect((await tell<{ answers: number }>(`_word/${word}`)).answers).toBe(1),
        { timeout: 10_000 },
      )
      await page.locator('#answer').filter({ hasText: word }).waitFor()
    }
    await tell('_end')
    await page.locator('#answer').filter({ hasText: '(end)' }).waitFor()
    expect(failures).toEqual([])
    await page.close()
    await link.stop()
  })
})
