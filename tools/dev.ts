/**
 * `npm run dev`: a hub whose dashboard comes from its Vite server, so that changes of the screens show as they are typed. Both
 * end together. Settings of the hub are taken from the environment as always.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const port = await findFreePort()
const vite = [
  '--host',
  '127.0.0.1',
  '--port',
  String(port),
  '--strictPort',
  '--logLevel',
  'warn',
  '--base',
  '/dashboard/',
]
const start = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } })

const programs = [
  start([join(root, 'node_modules/vite/bin/vite.js'), ...vite], join(root, 'packages/ui')),
  start([join(root, 'apps/hub/src/main.ts')], root, { DASHBOARD_DEV_URL: `http://127.0.0.1:${port}` }),
]

/** What is still running is asked to end, as by Ctrl-C. */
function endAll(signal: NodeJS.Signals): void {
  for (const program of programs) if (program.exitCode === null) program.kill(signal)
}

process.on('SIGINT', () => endAll('SIGINT'))
process.on('SIGTERM', () => endAll('SIGTERM'))
const codes = await Promise.all(
  programs.map(async (program) => {
    const [code] = (await once(program, 'exit')) as [number | null]
    endAll('SIGTERM')
    return code
  }),
)
process.exitCode = codes.every((code) => code === 0 || code === null) ? 0 : 1
