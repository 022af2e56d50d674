import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLinuxSource } from './linux-listeners.ts'
import { selectListenerSource } from './listener-source.ts'
import { createMacosSource } from './macos-listeners.ts'
import { createWindowsSource } from './windows-listeners.ts'

const program = `
  const server = require('node:http').createServer().listen(0, process.argv[1], () => console.log(server.address().port))
`

describe.runIf(process.platform === 'linux')('the listeners of Linux', () => {
  let folder: string
  let child: ChildProcess
  let port: number

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pc-ports-'))
    child = spawn(process.execPath, ['-e', program, '127.0.0.1'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
    port = Number(line)
  })

  afterAll(async () => {
    child.kill()
    await rm(folder, { recursive: true, force: true })
  })

  it('are read with their processes, new and gone ones too', async () => {
    const { source } = selectListenerSource('linux', '')
    const before = await source.fingerprint?.()
    const found = (await source.read()).find((listener) => listener.port === port)
    expect(found).toMatchObject({ hosts: ['127.0.0.1'], pid: child.pid, processName: 'node' })
    expect(found?.commandLine).toContain('127.0.0.1')
    child.kill()
    await once(child, 'exit')
    expect((await source.read()).some((listener) => listener.port === port)).toBe(false)
    expect(await source.fingerprint?.()).not.toBe(before)
  })

  it('are none where the system shows nothing', async () => {
    expect(await createLinuxSource(folder).read()).toEqual([])
  })
})

describe('the listeners of macOS', () => {
  it('come from lsof and ps, with one call each', async () => {
    const run = vi.fn((file: string) =>
      Promise.resolve(file.endsWith('lsof') ? 'p7\ncnode\nf1\ntIPv6\nn*:3000\n' : '    7 node vite\n'),
    )
    expect(await createMacosSource(run).read()).toEqual([
      { port: 3000, hosts: ['127.0.0.1', '::1'], pid: 7, processName: 'node', commandLine: 'node vite' },
    ])
    expect(run.mock.calls.map(([file]) => file)).toEqual(['/usr/sbin/lsof', '/bin/ps'])
  })
})

describe('the listeners of Windows', () => {
  const printed: Record<string, string> = {
    'netstat.exe':
      '  TCP    127.0.0.1:3000   0.0.0.0:0   LISTENING   7\r\n  TCP    0.0.0.0:445   0.0.0.0:0   LISTENING   4\r\n',
    'tasklist.exe': '"node.exe","7","Console","1","9 K"\r\n"System","4","Services","0","9 K"\r\n',
    'powershell.exe': '{"ProcessId":7,"CommandLine":"node vite"}',
  }

  it('come at once; what interpreters run follows, asked once', async () => {
    const run = vi.fn((file: string, _args: readonly string[]) =>
      Promise.resolve(printed[file.split('\\').at(-1) ?? ''] ?? ''),
    )
    const source = createWindowsSource('C:\\Windows', run)
    const commandLineOf = async () => (await source.read()).find(({ port }) => port === 3000)?.commandLine
    expect(await commandLineOf()).toBe('')
    await vi.waitFor(async () => expect(await commandLineOf()).toBe('node vite'), { timeout: 10_000 })
    const shells = run.mock.calls.filter(([file]) => file.includes('PowerShell'))
    expect(shells).toHaveLength(1)
    expect(shells[0]?.[1].at(-1)).toContain("'ProcessId=7'")
    expect(run.mock.calls.every(([file]) => file.startsWith('C:\\Windows\\System32\\'))).toBe(true)
  })
})

it('knows no listeners of another system', async () => {
  expect(await selectListenerSource('aix', '').source.read()).toEqual([])
})
