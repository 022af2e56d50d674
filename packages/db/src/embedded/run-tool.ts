import { spawn } from 'node:child_process'
import type { ClusterFolder } from './cluster-folder.ts'

export interface ToolResult {
  readonly exitCode: number | null
  /** What it printed, both streams, the last 64 KiB. */
  readonly output: string
}

/** Runs one of PostgreSQL's tools as the server's user, with an environment of its own: no PG* variable of the caller's. */
export async function runTool(
  folder: ClusterFolder,
  tool: { readonly command: string; readonly args: readonly string[] },
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool.command, tool.args, {
      cwd: folder.root,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      // Its own process group: Ctrl-C on the hub's terminal is for the hub, which then stops the server in order.
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...folder.user,
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-65_536)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    // 'exit', not 'close': a server started by pg_ctl may keep the pipe open.
    child.once('exit', (exitCode) => resolve({ exitCode, output }))
  })
}
