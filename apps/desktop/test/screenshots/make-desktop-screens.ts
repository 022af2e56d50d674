/**
 * `npm run screenshots`: the screens that only the desktop app has, and docs/desktop-screens.md that shows them. The pictures are those that
 * `screens-of-the-desktop.test.ts` takes of the real window while it looks for barriers. Needs `convert` (Debian: imagemagick).
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../../..')
const taken = join(root, 'test-results/desktop')
const folder = join(root, 'docs/images/desktop')

/** The test's name of a picture, its title, and what there is to see. */
const parts: readonly (readonly [string, readonly (readonly [string, string, string])[]])[] = [
  [
    'Signing in',
    [
      ['sign-in-light', 'Signed out', 'Which hub, and how to sign in to it.'],
      ['sign-in-no-hub-light', 'Another hub', 'Its address is asked first whether a hub is there.'],
      ['sign-in-not-encrypted-light', 'A hub over http', 'Others on the way could read along.'],
      ['sign-in-code-light', 'The code', 'The same one is on the page in the browser.'],
      ['sign-in-denied-light', 'Turned away', 'The page in the browser said no.'],
      ['sign-in-key-light', 'An API key instead', 'What is wrong with it is said beside it.'],
      ['sign-in-no-keyring-light', 'No keyring', 'The person chooses where secrets are kept.'],
    ],
  ],
  [
    'Sharing',
    [
      ['share-port-light', 'Share a port', 'What listens on this machine, and a port of your own.'],
      ['share-port-dark', 'Share a port, in dark', 'As the system is set.'],
      ['share-port-empty-light', 'Nothing listens', 'It appears here as soon as it does.'],
      ['share-port-options-light', 'With options', 'Every rule, and what a pattern lets through.'],
      ['shared-light', 'Shared', 'The link is on the clipboard; a phone can read it from the screen.'],
      ['share-port-refused-light', 'Refused', 'Why, and what to do.'],
      ['shares-light', 'Shares', 'Those of this computer come first.'],
    ],
  ],
  [
    'This computer',
    [
      ['settings-light', 'Settings', 'What is set on this computer alone.'],
      ['sign-out-light', 'Signing out', 'What it ends.'],
      ['trouble-light', 'Trouble', 'The hub is away; every screen says so.'],
    ],
  ],
]

// The project's own Node: its tests need a newer one than the system may have.
execFileSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'desktop', 'screens-of-the'],
  { cwd: root, stdio: 'inherit' },
)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [, screens] of parts) {
  for (const [name] of screens) {
    execFileSync('convert', [join(taken, `${name}.png`), '-quality', '82', join(folder, `${name}.webp`)])
  }
}

const sections = parts.map(([title, screens]) => {
  const texts = screens.map(
    ([name, heading, text]) => `### ${heading}\n\n${text}\n\n![${heading}](images/desktop/${name}.webp)\n`,
  )
  return `## ${title}\n\n${texts.join('\n')}`
})
writeFileSync(
  join(root, 'docs/desktop-screens.md'),
  `# Screens of the desktop app

<!-- Written by \`npm run screenshots\`, with its pictures. -->

What only the app's window has; [screens.md](screens.md) shows what it has in common with the dashboard, the README its tray and its
notifications.

${sections.join('\n')}`,
)
