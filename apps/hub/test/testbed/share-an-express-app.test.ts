import { describe, expect, it } from 'vitest'
import { startApp, watchFailures } from './kit/link-forms.ts'
import { useSharedApp } from './kit/use-shared-app.ts'

// Guarantee: an app that knows nothing of the hub keeps its sessions, redirects, form checks and preflights behind a link.
describe('an Express app with sessions', () => {
  const shared = useSharedApp(async () => startApp('sessions'))

  it('signs in, follows its own absolute redirect, and signs out', async () => {
    const link = await shared.forms.share('subdomain', shared.app.port)
    const page = await shared.forms.browser.newPage()
    const failures = watchFailures(page)
    await page.goto(link.url)
    await page.getByLabel('Name').fill('Ada')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Hello Ada' }).waitFor()
    expect(page.url()).toBe(link.url)
    await page.reload()
    await page.getByRole('heading', { name: 'Hello Ada' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(failures).toEqual([])
    await page.close()
    await link.stop()
  })

  it("keeps two visitors' sessions apart", async () => {
    const link = await shared.forms.share('subdomain', shared.app.port)
    const signIn = async (name: string) => {
      const context = await shared.forms.browser.newContext()
      const page = await context.newPage()
      await page.goto(link.url)
      await page.getByLabel('Name').fill(name)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { name: `Hello ${name}` }).waitFor()
      return { context, page }
    }
    const [ada, grace] = [await signIn('Ada'), await signIn('Grace')]
    await ada.page.reload()
    await grace.page.reload()
    const headings = await Promise.all(
      [ada, grace].map(async ({ page }) => page.getByRole('heading').textContent()),
    )
    expect(headings).toEqual(['Hello Ada', 'Hello Grace'])
    await Promise.all([ada.context.close(), grace.context.close()])
    await link.stop()
  })

  it('sets two cookies of one answer on the host of the share', async () => {
    const link = await shared.forms.share('subdomain', shared.app.port)
    const context = await shared.forms.browser.newContext()
    const page = await context.newPage()
    await page.goto(new URL('two-cookies', link.url).href)
    const cookies = await context.cookies()
    expect(cookies.map(({ name, value }) => `${name}=${value}`)).toEqual(
      expect.arrayContaining(['theme=dark', 'lang=en']),
    )
    expect(new Set(cookies.map(({ domain }) => domain))).toEqual(new Set([new URL(link.url).hostname]))
    await context.close()
    await link.stop()
  })

  it.each(['subdomain', 'path'] as const)('lets a program keep its session by the %s form', async (form) => {
    const link = await shared.forms.share(form, shared.app.port)
    const local = link.shareUrl.replace('hub.test', '127.0.0.1')
    const answer = await fetch(`${local}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=Ada',
    })
    expect(answer.status).toBe(302)
    expect(new URL(answer.headers.get('location') ?? '', local).pathname).toBe(`${new URL(local).pathname}/`)
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toContain(`Path=${new URL(local).pathname}/`)
    const page = await fetch(`${local}/`, {
      headers: { cookie: cookie.split(';')[0] ?? '', 'sec-fetch-mode': 'cors' },
    })
    expect(await page.text()).toContain('Hello Ada')
    await link.stop()
  })

  it('answers the preflight of a page elsewhere', async () => {
    const link = await shared.forms.share('subdomain', shared.app.port)
    const otherApp = await startApp('sessions')
    const elsewhere = await shared.forms.browser.newPage()
    await elsewhere.goto(`http://127.0.0.1:${otherApp.port}/`)
    const answer = await elsewhere.evaluate(async (url) => {
      const response = await fetch(url, { method: 'PUT', headers: { 'x-note': 'milk' } })
      return response.json()
    }, new URL('api/notes', link.url).href)
    expect(answer).toEqual({ note: 'milk', name: null })
    await elsewhere.close()
    await Promise.all([link.stop(), otherApp.stop()])
  })
})
