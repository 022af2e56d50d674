import type { ListeningPort } from '../desktop-contract.ts'

/** What is shared: a port of this computer, and what it is called. */
export interface Target {
  readonly port: number
  readonly host: string
  readonly title: string
  readonly isDatabase: boolean
}

const groups = [
  ['web', 'Apps'],
  ['database', 'Databases'],
  ['other', 'Others'],
] as const

interface PortGroup {
  readonly title: string
  readonly ports: readonly ListeningPort[]
}

/** What a browser can open comes first; groups without a port are left out. */
export function groupPorts(ports: readonly ListeningPort[]): readonly PortGroup[] {
  return groups
    .map(([kind, title]) => ({ title, ports: ports.filter((port) => port.kind === kind) }))
    .filter((group) => group.ports.length > 0)
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** The most telling name first, then where it listens. */
export function describePort({ port, host, processName, framework, kind }: ListeningPort): {
  readonly target: Target
  readonly facts: readonly string[]
} {
  const title = framework ?? processName ?? `Port ${port}`
  const facts = [
    ...(title === `Port ${port}` ? [] : [`port ${port}`]),
    ...(loopback.has(host) ? [] : [`at ${host}`]),
    processName === null ? 'another user’s process' : processName,
  ]
  return {
    target: { port, host, title, isDatabase: kind === 'database' },
    facts: facts.filter((fact) => fact !== title),
  }
}

const spans: Readonly<Record<string, string>> = {
  '1h': 'ends in an hour',
  '24h': 'ends in 24 hours',
  '7d': 'ends in a week',
  '30d': 'ends in 30 days',
  never: 'never ends by itself',
}

/** When a share of one click ends, as the end of a sentence. */
export function tellExpiry(expiry: string): string {
  return spans[expiry] ?? `ends in ${expiry}`
}
