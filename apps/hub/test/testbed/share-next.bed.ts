import { describe, expect, it } from 'vitest'
import { watchFailures } from './kit/link-forms.ts'
import { keepScreenshot, startProject } from './kit/project.ts'
import { useSharedApp } from './kit/use-shared-app.ts'

// Guarantee: a Next.js development server takes the share's host for its own: pages, streamed parts, server actions
// (which compare Origin with the host), navigation and hot reload with state kept.
describe('a Next.js project', () => {
  const shared = useSharedApp(async () =>
    startProject({
      name: 'next',
      command: ['next/dist/bin/next', 'dev', '-p', '<port>', '-H', '127.0.0.1'],
      ready: /Ready in/,
    }),
  )

  it('works on the host of its share', async () => {
    const link = await shared.forms.share('subdomain', shared.app.port)
    const page = await shared.forms.browser.newPage()
    const failures = watchFailures(page)
    await page.goto(link.url)
    await page.getByText('The late part is here').waitFor()
    await page.getByRole('button', { name: 'Count is 0' }).click()
    await page.getByRole('button', { name: 'Count is 1' }).waitFor()

    await page.getByLabel('Name').fill('Ada')
    await page.getByRole('button', { name: 'Greet' }).click()
    await page.getByText('Hello Ada').waitFor()

    shared.app.edit('app/counter.jsx', 'Get started', 'Edited while you watch')
    await page.getByRole('heading', { name: 'Edited while you watch' }).waitFor()
    await page.getByRole('button', { name: 'Count is 1' }).waitFor()
    await keepScreenshot(page, 'shared-next-app')

    await page.getByRole('link', { name: 'Second page' }).click()
    await page.getByRole('heading', { name: 'The second page' }).waitFor()
    expect(failures).toEqual([])
    expect(shared.app.output()).not.toMatch(/cross.origin|invalid server actions/i)
    await page.close()
    await link.stop()
  })
})
