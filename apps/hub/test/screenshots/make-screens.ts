/** `npm run screenshots`: every screen and dialog of the dashboard, and docs/screens.md that shows them. */
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../kit/browser.ts'
import { makeTemporaryFolder, repositoryRoot } from '../kit/processes.ts'
import { emptyScenes } from '../kit/screens/empty-scenes.ts'
import { otherScenes } from '../kit/screens/other-scenes.ts'
import { Stage, type Scene } from '../kit/screens/scene.ts'
import { startScreenWorld, type ScreenWorld } from '../kit/screens/screen-world.ts'
import { shareScenes } from '../kit/screens/share-scenes.ts'
import { takePicture } from '../kit/screens/take-picture.ts'

const docs = join(repositoryRoot, 'docs')
const folder = join(docs, 'images/screens')
/** Until all are made: a run that fails halfway leaves the pictures as they were. */
const making = makeTemporaryFolder()
const desktop = { width: 1200, height: 860 }
const phone = { width: 390, height: 844 }
/** Also in dark and on a phone. */
const shownTwice = new Set(['shares', 'share', 'queries'])

async function signIn(browser: Browser, world: ScreenWorld): Promise<Page> {
  const page = await browser.newPage({ viewport: desktop, colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(world.hub.url)
  await page.getByRole('heading', { name: 'This is a Private Connect hub' }).waitFor()
  await takePicture(page, join(making.path, 'welcome.webp'))
  await page.goto(world.hub.signInUrl)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Open the dashboard' }).click()
  await page.getByRole('heading', { level: 1, name: 'Shares' }).waitFor()
  return page
}

async function shoot(stage: Stage, { name, go }: Scene): Promise<void> {
  const { page } = stage
  await stage.begin()
  await go(stage)
  await takePicture(page, join(making.path, `${name}.webp`))
  if (!shownTwice.has(name)) return
  await page.emulateMedia({ colorScheme: 'dark' })
  await takePicture(page, join(making.path, `${name}-dark.webp`))
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(phone)
  await takePicture(page, join(making.path, `${name}-phone.webp`))
  await page.setViewportSize(desktop)
}

function writeScene({ name, title, text }: Scene): string {
  const picture = `![${title}](images/screens/${name}.webp)`
  const more = shownTwice.has(name)
    ? `\n\nIn dark, and on a phone:\n\n![${title}, in dark](images/screens/${name}-dark.webp)\n` +
      `![${title}, on a phone](images/screens/${name}-phone.webp)`
    : ''
  return `### ${title}\n\n${text}\n\n${picture}${more}\n`
}

function writePage(): string {
  const part = (title: string, scenes: readonly Scene[]) =>
    `## ${title}\n\n${scenes.map(writeScene).join('\n')}`
  return `# Screens

<!-- Written by \`npm run screenshots\`, with its pictures. -->

What the dashboard shows, state by state. The desktop app's window has the same screens. Every one is reached by one step from
the navigation, and every action by at most two more.

## Before anything else

### Not signed in

What the hub's own address shows to everybody else.

![Not signed in](images/screens/welcome.webp)

${part('Shares', shareScenes)}
${part('Everything else', otherScenes)}
${part('Empty, waiting and failing', emptyScenes)}`
}

const [world, browser] = await Promise.all([startScreenWorld(), launchBrowser()])
try {
  const stage = new Stage(await signIn(browser, world), world.hub.url)
  for (const scene of emptyScenes) await shoot(stage, scene)
  await world.fill()
  for (const scene of [...shareScenes, ...otherScenes]) await shoot(stage, scene)
  rmSync(folder, { recursive: true, force: true })
  cpSync(making.path, folder, { recursive: true })
  writeFileSync(join(docs, 'screens.md'), writePage())
  process.stdout.write(`${readdirSync(folder).length} pictures\n`)
} finally {
  await browser.close()
  await world.remove()
  making.remove()
}
