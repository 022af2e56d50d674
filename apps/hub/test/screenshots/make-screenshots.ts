/**
 * `npm run screenshots`: makes the README's picture from the real thing: a hub, `private-connect share` on a Vite project,
 * and Chromium on the link.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../kit/browser.ts'
import { startTestHub } from '../kit/hub.ts'
import { makeTemporaryFolder, Program, repositoryRoot } from '../kit/processes.ts'
import { startViteProject } from '../kit/vite-project.ts'

const folder = join(repositoryRoot, 'docs/images')

async function shareAndVisit(browser: Browser): Promise<{ terminal: string; app: Buffer }> {
  const [hub, project] = await Promise.all([startTestHub(), startViteProject()])
  const config = makeTemporaryFolder()
  const program = new Program(
    [
      join(repositoryRoot, 'apps/cli/bin/private-connect.js'),
      'share',
      String(project.port),
      '--name',
      'demo',
    ],
    { PRIVATE_CONNECT_HUB: hub.url, PRIVATE_CONNECT_API_KEY: hub.apiKey, XDG_CONFIG_HOME: config.path },
  )
  try {
    const [, link = ''] = await program.waitFor(/(http:\/\/share-tok-\S+)/)
    // Without a window Chromium says so, and is told of as a bot.
    const userAgent = `Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36`
    const page = await browser.newPage({
      viewport: { width: 760, height: 560 },
      colorScheme: 'light',
      userAgent,
    })
    await page.goto(link)
    await page.getByRole('button', { name: 'Count is 0' }).click()
    await program.waitFor(/App\.tsx/)
    const app = await page.screenshot()
    await page.close()
    return { terminal: `$ npx private-connect share ${project.port} --name demo\n${program.output}`, app }
  } finally {
    await program.stop()
    config.remove()
    await Promise.all([project.stop(), hub.remove()])
  }
}

function layOut({ terminal, app }: { terminal: string; app: Buffer }): string {
  // Where this checkout lies is nobody's business.
  const lines = terminal.replaceAll(repositoryRoot, '/…').split('\n').slice(0, 26).join('\n')
  const text = lines.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 28px; display: flex; gap: 28px; background: #e9edf2; width: 1454px; box-sizing: border-box }
    figure { margin: 0; border-radius: 10px; overflow: hidden; box-shadow: 0 8px 28px #0003; background: #fff }
    figcaption { padding: 9px 14px; font: 600 12px system-ui, sans-serif; color: #5a6673; background: #f6f7f9 }
    pre { margin: 0; padding: 16px; width: 610px; height: 560px; box-sizing: border-box; background: #10161d; color: #dce5ee;
      font: 12.5px/1.6 'DejaVu Sans Mono', monospace; overflow: hidden; white-space: pre }
    img { display: block; width: 760px }
  </style><figure><figcaption>terminal</figcaption><pre>${text}</pre></figure>
  <figure><figcaption>browser, through the link</figcaption><img src="data:image/png;base64,${app.toString('base64')}"></figure>`
}

mkdirSync(folder, { recursive: true })
const browser = await launchBrowser()
try {
  const made = await shareAndVisit(browser)
  const page = await browser.newPage({ viewport: { width: 1454, height: 640 } })
  await page.setContent(layOut(made))
  await page.screenshot({ path: join(folder, 'shared-app.png'), fullPage: true })
} finally {
  await browser.close()
}
