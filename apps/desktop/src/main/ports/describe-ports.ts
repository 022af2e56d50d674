import type { ListeningPort } from '@private-connect/ui/desktop'
import { guessByAnswer, type PortAnswer } from './guess-by-answer.ts'
import { guessByProcess } from './guess-by-process.ts'
import type { Guess } from './guess.ts'
import type { Listener } from './listener.ts'

const kinds: readonly ListeningPort['kind'][] = ['web', 'database', 'other']

/** Ports that development servers take unless told otherwise. */
const developmentPorts = { from: 3000, to: 9999 }

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
 * another user's program outside of the usual ports.
 */
export function needsProbe(listener: Listener): boolean {
  return guessByProcess(listener) === null && (listener.processName !== null || isUsual(listener.port))
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
