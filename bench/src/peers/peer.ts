import type { Child, Processes } from '../processes.ts'

/** What every peer gets to start with. */
export interface PeerContext {
  readonly workDir: string
  /** Outside of the repository and kept between runs: programs that were built or installed for the comparison. */
  readonly cacheDir: string
  readonly processes: Processes
  readonly upstreamPort: number
  /** Folder for CPU profiles of our own processes, if they are wanted. */
  readonly cpuProfileDir: string | undefined
}

/** A process whose CPU time is counted. */
export type Measured = Pick<Child, 'pid'>

export interface RunningPeer {
  /** Where requests go, without a slash at the end; `upstreamPaths` are appended. */
  readonly baseUrl: string
  readonly headers: readonly string[]
  /** The processes that stand in for the hub, of which only their own CPU counts. */
  readonly front: readonly Measured[]
  /** Whether what the front started counts as the front too (the default: nginx's workers, sshd's sessions). */
  readonly frontScope?: 'tree' | 'self'
  /** Everything that the peer needs, with what those started; the upstream is not among them. */
  readonly all: readonly Measured[]
  readonly version: string
  /** It never comes to rest by itself: it is stopped (SIGSTOP) while others are measured. */
  readonly isRestless?: boolean
  /** Asked once at the end: what a reader has to know about how it went. */
  readonly concludes?: () => Promise<string>
}

export interface Peer {
  readonly name: string
  /** A floor is no proxy at all; direct dials the upstream itself; a tunnel goes through an agent's connection. */
  readonly group: 'floor' | 'direct' | 'tunnel'
  /** What a reader has to know to compare fairly. */
  readonly note: string
  /** Rejects where the peer cannot run here; the message is then the reason that the report gives. */
  start(context: PeerContext): Promise<RunningPeer>
}
