import { describe, expect, it } from 'vitest'
import { watchFailures } from './kit/link-forms.ts'
import { keepScreenshot, startProject } from './kit/project.ts'
import { useSharedApp } from './kit/use-shared-app.ts'

// Guarantee: webpack-dev-server, which refuses hosts and origins that it does not know, takes the share's for its own, and
// replaces modules live with the state kept.
describe('a webpack project', () => {
  const shared = useSharedApp(async () =>
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
  )

  it('works on the host of its share', async () => {
    const link = await shared.forms.share('subdomain', shared.app.port)
    const page = await shared.forms.browser.newPage()
    const failures = watchFailures(page)
    await page.goto(link.url)
    await page.getByRole('button', { name: 'Count is 0' }).click()
    await page.getByRole('button', { name: 'Count is 1' }).waitFor()
    shared.app.edit('src/heading.js', 'Get started', 'Edited while you watch')
    await page.getByRole('heading', { name: 'Edited while you watch' }).waitFor()
    expect(await page.getByRole('button', { name: 'Count is 1' }).count()).toBe(1)
    await keepScreenshot(page, 'shared-webpack-app')
    expect(failures).toEqual([])
    await page.close()
    await link.stop()
  })
})
