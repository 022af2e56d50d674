import type { ListeningSocket } from './listener.ts'

/**
 * Reads the listening sockets of `netstat -ano`. Its words are in the system's language, so a listening socket is known by its
 * remote end, which is nobody: `0.0.0.0:0` or `[::]:0`.
 */
export function parseNetstat(text: string): readonly ListeningSocket[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*TCP\s+(\S+):(\d{1,5})\s+(?:0\.0\.0\.0|\[::\]):0\s+\D+\s(\d+)\s*$/.exec(line)
    const [, host = '', digits = '', pid = ''] = match ?? []
    const port = Number(digits)
    if (port < 1 || port > 65_535) return []
    return [{ address: host.replace(/^\[|\]$/g, ''), port, pid: Number(pid) }]
  })
}

/** Reads `tasklist /FO CSV /NH`: process id → name without `.exe`. */
export function parseTasklist(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, name = '', pid = ''] = /^"([^"]+)","(\d+)",/.exec(line) ?? []
    if (pid !== '') names.set(Number(pid), name.replace(/\.exe$/i, ''))
  }
  return names
}

/** Reads `ConvertTo-Json` of processes: an array, one object, or nothing. */
export function parseCommandLines(text: string): ReadonlyMap<number, string> {
  const commandLines = new Map<number, string>()
  for (const entry of readJsonArray(text)) {
    const { ProcessId: pid, CommandLine: commandLine } = Object(entry) as Record<string, unknown>
    if (typeof pid === 'number' && typeof commandLine === 'string') commandLines.set(pid, commandLine)
  }
  return commandLines
}

function readJsonArray(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : [parsed]
  } catch {
    return []
  }
}
