import { gatherListeners, joinProcesses, type ListenerSource } from './listener.ts'
import { parseLsof, parsePs } from './parse-lsof.ts'
import { runProgram, type RunProgram } from './run-program.ts'

/** macOS: lsof, which is part of it. It shows the person's own processes only. */
export function createMacosSource(run: RunProgram = runProgram): ListenerSource {
  return {
    async read() {
      // Numbers instead of names, listening sockets only, whole command names.
      const listing = await run('/usr/sbin/lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '+c0', '-F', 'pctn'])
      const { sockets, names } = parseLsof(listing)
      if (sockets.length === 0) return []
      const commandLines = await run('/bin/ps', ['-ww', '-o', 'pid=,args=', '-p', [...names.keys()].join()])
      return gatherListeners(sockets, joinProcesses(names, parsePs(commandLines)))
    },
  }
}
