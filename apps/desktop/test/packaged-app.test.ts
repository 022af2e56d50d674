import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { electronArgs, electronEnv } from './kit/launch-app.ts'
import { listeningSockets, processTree } from './kit/listening-sockets.ts'
import { packageApp, type PackagedApp } from './kit/package-app.ts'

/*
 * Guarantee (CASES ELE-09, ELE-13, ELE-15): the packed app runs only the code of its archive, whatever the environment, its arguments or
 * a folder beside it say; it has nothing that fetches other code; it listens at no port. It starts, and shows its window.
 * Packed by the product's own configuration around Electron 33.2.1; users get the version that package.json declares.
 */
const fuseIsOn = '1'.charCodeAt(0)
let packaged: PackagedApp
let userDataDir: string
const started: ChildProcess[] = []

beforeAll(() => {
  packaged = packageApp(inject('electronEnv')['ELECTRON_EXEC_PATH'] ?? '')
})

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  if (userDataDir !== undefined) rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 })
})

afterAll(() => packaged.remove())

interface Start {
  readonly executable?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

function start({ executable = packaged.executable, args = [], env = {} }: Start): {
  child: ChildProcess
  output: () => string
} {
  userDataDir = mkdtempSync(join(tmpdir(), 'pc-desktop-'))
  const child = spawn(executable, [...electronArgs(userDataDir), ...args], {
    env: { ...electronEnv().env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  return { child, output: () => output }
}

/** The titles of the windows on the screen. */
function visibleWindows(): string[] {
  const env = electronEnv().env
  const run = (args: string[]): string => {
    try {
      return execFileSync('xdotool', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      return ''
    }
  }
  const ids = run(['search', '--onlyvisible', '--name', '^Private Connect$']).split('\n').filter(Boolean)
  return ids.map((id) => run(['getwindowname', id]).trim())
}

async function windowShown(): Promise<void> {
  await vi.waitFor(() => expect(visibleWindows()).toEqual(['Private Connect']), {
    timeout: 30_000,
    interval: 100,
  })
}

describe('the package', () => {
  it('has the fuses that keep other code out', async () => {
    const wire = await getCurrentFuseWire(packaged.executable)
    const on = Object.entries(FuseV1Options)
      .filter(([, option]) => typeof option === 'number' && Number(wire[option]) === fuseIsOn)
      .map(([name]) => name)
    expect(on).toEqual([
      'EnableCookieEncryption',
      'EnableEmbeddedAsarIntegrityValidation',
      'OnlyLoadAppFromAsar',
    ])
  })

  it('holds what was built, and nothing that updates it', () => {
    const files = listPackage(packaged.asar, { isPack: false }).filter((file) => /\.\w+$/.test(file))
    expect(files.filter((file) => !file.startsWith('/out/'))).toEqual(['/package.json'])
    const scripts = files.filter((file) => /\.c?js$/.test(file))
    expect(scripts.length).toBeGreaterThanOrEqual(3)
    const code = scripts.map((script) => extractFile(packaged.asar, script.slice(1)).toString('utf8')).join()
    expect(code).not.toMatch(/autoUpdater|electron-updater|setFeedURL|update-electron-app/)
    expect(existsSync(join(packaged.dir, 'resources/app-update.yml'))).toBe(false)
  })
})

describe('the entry in the list of apps', () => {
  it('opens privateconnect:// links, and belongs to the window', () => {
    const entry = packaged.desktopEntry.split('\n')
    expect(entry).toContain('Exec="/opt/Private Connect/private-connect-desktop" %U')
    expect(entry).toContain('MimeType=x-scheme-handler/privateconnect;')
    expect(entry).toContain('Icon=private-connect-desktop')
    expect(`StartupWMClass=${manifest.desktopName.replace('.desktop', '')}`).toBe(
      entry.find((line) => line.startsWith('StartupWMClass=')),
    )
  })
})

describe('the packed app', () => {
  it('shows its window, from its archive', async () => {
    start({ args: ['--remote-debugging-port=0'] })
    await windowShown()
    const port = readFileSync(join(userDataDir, 'DevToolsActivePort'), 'utf8').split('\n')[0] ?? ''
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const page = await vi.waitFor(
      () => {
        const found = browser.contexts().flatMap((context) => context.pages())[0]
        if (found === undefined) throw new Error('no window yet')
        return found
      },
      { timeout: 10_000 },
    )
    await page.getByRole('heading').first().waitFor()
    expect(page.url()).toMatch(/^app:\/\/private-connect\//)
    await browser.close()
  })

  it('listens at no port, also where an inspector is asked for', async () => {
    const { child, output } = start({ args: ['--inspect=0', '--inspect-brk=0'] })
    await windowShown()
    const pids = processTree(child.pid ?? 0)
    expect(pids.length).toBeGreaterThan(2)
    expect(listeningSockets(pids)).toEqual([])
    // Elsewhere this signal opens Node's inspector; here it ends the process, as it does any other.
    child.kill('SIGUSR1')
    await once(child, 'exit')
    expect(output()).not.toContain('Debugger listening')
    // The instrument sees what listens.
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    expect(listeningSockets([process.pid]).length).toBeGreaterThan(0)
    server.close()
  })

  it('is no Node, and takes no code from the environment', async () => {
    const marks = mkdtempSync(join(tmpdir(), 'pc-desktop-marks-'))
    const script = join(marks, 'foreign.cjs')
    writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(join(marks, 'ran'))}, '')`)
    const { output } = start({
      args: [script],
      env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${script}` },
    })
    await windowShown()
    expect(existsSync(join(marks, 'ran'))).toBe(false)
    expect(output()).not.toContain('foreign')
    rmSync(marks, { recursive: true })
  })

  it('runs no app that lies beside its archive', async () => {
    const copy = `${packaged.dir}-without-archive`
    execFileSync('cp', ['-al', packaged.dir, copy])
    rmSync(join(copy, 'resources/app.asar'))
    const app = join(copy, 'resources/app')
    mkdirSync(app)
    writeFileSync(join(app, 'package.json'), '{"name":"foreign","main":"main.js"}')
    writeFileSync(
      join(app, 'main.js'),
      `require('node:fs').writeFileSync(${JSON.stringify(join(app, 'ran'))}, '')`,
    )
    const { child } = start({ executable: join(copy, 'private-connect-desktop') })
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).not.toBe(0)
    expect(existsSync(join(app, 'ran'))).toBe(false)
    rmSync(copy, { recursive: true })
  })

  it('keeps its folder to its user', async () => {
    start({})
    await windowShown()
    expect(statSync(userDataDir).mode & 0o077).toBe(0)
  })
})
