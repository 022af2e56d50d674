import type { ListeningPort } from '@private-connect/ui/desktop'
import { guessByAnswer, type PortAnswer } from './guess-by-answer.ts'
import { guessByProcess } from './guess-by-process.ts'
import type { Guess } from './guess.ts'
import type { Listener } from './listener.ts'

const kinds: readonly ListeningPort['kind'][] = ['web', 'database', 'other']

/** Ports that development servers take unless told otherwise. */
const developmentPorts = { from: 3000, to: 9999 }

/**
 * Those of them where strangers mostly are what a question harms: printers put it on paper, databases and others have it in their
 * logs as an attack. First and last of each range.
 */
const unaskedPorts: readonly (readonly [number, number, string])[] = [
  [3050, 3050, 'Firebird'],
  [3308, 3310, 'MySQL, ClamAV'],
  [3389, 3389, 'remote desktops'],
  [4222, 4222, 'NATS'],
  [4369, 4369, 'Erlang'],
  [5222, 5223, 'XMPP'],
  [5435, 5439, 'PostgreSQL'],
  [5671, 5672, 'AMQP'],
  [5900, 5999, 'screen sharing'],
  [6000, 6063, 'X11'],
  [6381, 6399, 'Redis'],
  [6432, 6432, 'PgBouncer'],
  [6660, 6697, 'chat'],
  [7687, 7687, 'Neo4j'],
  [8883, 8883, 'MQTT'],
  [9100, 9107, 'printers'],
  [9160, 9160, 'Cassandra'],
  [9300, 9300, 'Elasticsearch among its nodes'],
]

/** What menu and window show: what a browser opens first, then databases, then the rest; of each, named ones first. */
export function describePorts(
  listeners: readonly Listener[],
  answerOf: (listener: Listener) => PortAnswer | null,
): readonly ListeningPort[] {
  return listeners
    .map((listener) => describe(listener, answerOf(listener)))
    .sort((a, b) => rank(a) - rank(b) || a.port - b.port)
}

/**
 * Whether asking the port could tell more. What is known needs no question, a database is not spoken to in HTTP, and neither is
 * another user's program outside of the usual ports, or where it could be harmed.
 */
export function needsProbe(listener: Listener): boolean {
  return guessByProcess(listener) === null && (listener.processName !== null || mayAskStranger(listener.port))
}

function mayAskStranger(port: number): boolean {
  return isUsual(port) && !unaskedPorts.some(([first, last]) => port >= first && port <= last)
}

function describe(listener: Listener, answer: PortAnswer | null): ListeningPort {
  const { framework, kind } =
    guessByProcess(listener) ?? (answer === null ? guessByPort(listener) : guessByAnswer(answer))
  return {
    port: listener.port,
    host: answer?.host ?? listener.hosts[0],
    processName: listener.processName,
    framework,
    kind,
  }
}

function guessByPort({ port }: Listener): Guess {
  return { framework: null, kind: isUsual(port) ? 'web' : 'other' }
}

function isUsual(port: number): boolean {
  return port >= developmentPorts.from && port <= developmentPorts.to
}

function rank({ kind, framework }: ListeningPort): number {
  return kinds.indexOf(kind) * 2 + (framework === null ? 1 : 0)
}
