import { join } from 'node:path/win32'
import { gatherListeners, joinProcesses, type ListenerSource } from './listener.ts'
import { parseCommandLines, parseNetstat, parseTasklist } from './parse-netstat.ts'
import { runProgram, type RunProgram } from './run-program.ts'

/** Programs that run other people's programs: only their arguments tell what they are. */
const interpreters = /^(node|bun|deno|python[\d.]*|pythonw|py|ruby|java|javaw|php|dotnet|beam)$/i

/** Windows: netstat and tasklist, which answer at once; PowerShell takes a second, so command lines follow later, once a process. */
export function createWindowsSource(systemRoot: string, run: RunProgram = runProgram): ListenerSource {
  const system = join(systemRoot, 'System32')
  let commandLines: ReadonlyMap<number, string> = new Map()
  let lookup: Promise<void> | null = null

  async function lookUp(pids: readonly number[]): Promise<void> {
    const filter = pids.map((pid) => `ProcessId=${pid}`).join(' or ')
    const script = `Get-CimInstance Win32_Process -Filter '${filter}' | Select-Object ProcessId,CommandLine | ConvertTo-Json -Compress`
    const shell = join(system, 'WindowsPowerShell\\v1.0\\powershell.exe')
    const found = parseCommandLines(
      await run(shell, [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `[Console]::OutputEncoding=[Text.Encoding]::UTF8;${script}`,
      ]),
    )
    commandLines = new Map([...commandLines, ...pids.map((pid) => [pid, found.get(pid) ?? ''] as const)])
    lookup = null
  }

  return {
    async read() {
      const [connections, tasks] = await Promise.all([
        run(join(system, 'netstat.exe'), ['-ano']),
        run(join(system, 'tasklist.exe'), ['/FO', 'CSV', '/NH']),
      ])
      const sockets = parseNetstat(connections)
      const names = parseTasklist(tasks)
      const listening = [...new Set(sockets.flatMap(({ pid }) => (pid === null ? [] : [pid])))]
      // Process ids are used again: what has stopped listening is forgotten.
      commandLines = new Map([...commandLines].filter(([pid]) => listening.includes(pid)))
      const unknown = listening.filter(
        (pid) => !commandLines.has(pid) && interpreters.test(names.get(pid) ?? ''),
      )
      if (unknown.length > 0) lookup ??= lookUp(unknown)
      return gatherListeners(sockets, joinProcesses(names, commandLines))
    },
  }
}
