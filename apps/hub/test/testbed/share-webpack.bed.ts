import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLinkForms, watchFailures, type LinkForms } from './kit/link-forms.ts'
import { keepScreenshot, startProject, type Project } from './kit/project.ts'

// Guarantee: webpack-dev-server, which refuses hosts and origins that it does not know, takes the share's for its own, and
// replaces modules live with the state kept.
describe('a webpack project', () => {
  let forms: LinkForms
  let project: Project

  beforeAll(async () => {
    ;[forms, project] = await Promise.all([
      startLinkForms(),
      startProject({
        name: 'webpack',
        command: [
          'webpack/bin/webpack.js',
          'serve',
          '--mode',
          'development',
          '--port',
          '<port>',
          '--host',
          '127.0.0.1',
        ],
        ready: /compiled successfully/,
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
    await page.getByRole('button', { name: 'Count is 0' }).click()
    await page.getByRole('button', { name: 'Count is 1' }).waitFor()
    project.edit('src/heading.js', 'Get started', 'Edited while you watch')
    await page.getByRole('heading', { name: 'Edited while you watch' }).waitFor()
    expect(await page.getByRole('button', { name: 'Count is 1' }).count()).toBe(1)
    await keepScreenshot(page, 'shared-webpack-app')
    expect(failures).toEqual([])
    await page.close()
    await link.stop()
  })
})
