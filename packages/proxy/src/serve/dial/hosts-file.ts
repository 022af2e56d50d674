import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'

type AddressesByName = ReadonlyMap<string, readonly string[]>

const nothing: AddressesByName = new Map()

/** The addresses that a hosts file (hosts(5)) gives a name, in lower case. It is read again when it has changed. */
export function createHostsFile(path: string): (name: string) => Promise<readonly string[]> {
  let known = { mtimeMs: -1, entries: nothing }
  return async (name) => {
    try {
      const { mtimeMs } = await stat(path)
      if (mtimeMs !== known.mtimeMs) known = { mtimeMs, entries: parseHosts(await readFile(path, 'utf8')) }
    } catch {
      // A machine without the file, or that keeps it from the hub: names are the name servers' alone.
      known = { mtimeMs: -1, entries: nothing }
    }
    return known.entries.get(name) ?? []
  }
}

function parseHosts(text: string): AddressesByName {
  const entries = new Map<string, readonly string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/)
    if (isIP(address) === 0) continue
    for (const name of names) entries.set(name, [...(entries.get(name) ?? []), address])
  }
  return entries
}
