import { describe, expect, it } from 'vitest'
import { watchFailures } from './kit/link-forms.ts'
import { keepScreenshot, startProject } from './kit/project.ts'
import { useSharedApp } from './kit/use-shared-app.ts'

// Guarantee: an Astro development server works on the host of its share, live edits of styles and pages with it.
describe('an Astro project', () => {
  const shared = useSharedApp(async () =>
    startProject({
      name: 'astro',
      command: ['astro/bin/astro.mjs', 'dev', '--port', '<port>', '--host', '127.0.0.1'],
      ready: /ready in/,
    }),
  )

  it('works on the host of its share', async () => {
    const link = await shared.forms.share('subdomain', shared.app.port)
    const page = await shared.forms.browser.newPage()
    const failures = watchFailures(page)
    await page.goto(link.url)
    const button = page.getByRole('button', { name: 'Count is 0' })
    await button.click()
    await page.getByRole('button', { name: 'Count is 1' }).waitFor()

    shared.app.edit('src/components/counter.astro', 'rgb(0, 0, 200)', 'rgb(0, 120, 0)')
    await page.waitForFunction(
      "getComputedStyle(document.querySelector('button')).color === 'rgb(0, 120, 0)'",
    )
    shared.app.edit('src/pages/index.astro', 'Get started', 'Edited while you watch')
    await page.getByRole('heading', { name: 'Edited while you watch' }).waitFor()
    await keepScreenshot(page, 'shared-astro-app')

    await page.getByRole('link', { name: 'Second page' }).click()
    await page.getByRole('heading', { name: 'The second page' }).waitFor()
    expect(failures).toEqual([])
    await page.close()
    await link.stop()
  })
})
