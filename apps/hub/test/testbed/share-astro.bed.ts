import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLinkForms, watchFailures, type LinkForms } from './kit/link-forms.ts'
import { keepScreenshot, startProject, type Project } from './kit/project.ts'

// Guarantee: an Astro development server works on the host of its share, live edits of styles and pages with it.
describe('an Astro project', () => {
  let forms: LinkForms
  let project: Project

  beforeAll(async () => {
    ;[forms, project] = await Promise.all([
      startLinkForms(),
      startProject({
        name: 'astro',
        command: ['astro/bin/astro.mjs', 'dev', '--port', '<port>', '--host', '127.0.0.1'],
        ready: /ready in/,
      }),
    ])
  })

  afterAll(async () => {
    await project?.stop()
    await forms?.stop()
  })

  it('works on the host of its share', async () => {
    const link = await forms.share('subdomain', project.port)
    const page = await forms.browser.newPage()
    const failures = watchFailures(page)
    await page.goto(link.url)
    const button = page.getByRole('button', { name: 'Count is 0' })
    await button.click()
    await page.getByRole('button', { name: 'Count is 1' }).waitFor()

    project.edit('src/components/counter.astro', 'rgb(0, 0, 200)', 'rgb(0, 120, 0)')
    await page.waitForFunction(
      "getComputedStyle(document.querySelector('button')).color === 'rgb(0, 120, 0)'",
    )
    project.edit('src/pages/index.astro', 'Get started', 'Edited while you watch')
    await page.getByRole('heading', { name: 'Edited while you watch' }).waitFor()
    await keepScreenshot(page, 'shared-astro-app')

    await page.getByRole('link', { name: 'Second page' }).click()
    await page.getByRole('heading', { name: 'The second page' }).waitFor()
    expect(failures).toEqual([])
    await page.close()
    await link.stop()
  })
})
