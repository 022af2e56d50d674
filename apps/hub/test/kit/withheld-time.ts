import { readFileSync } from 'node:fs'

/**
 * How long so far a process was ready to run and the machine gave it no processor, in ms: the first thread of the process,
 * which is Node's event loop, or the thread that asks. Only Linux tells; elsewhere nothing counts as withheld.
 */
export function readWithheldMs(processId: number | 'this thread'): number {
  const folder = processId === 'this thread' ? 'thread-self' : String(processId)
  try {
    const [, waitedNs = '0'] = readFileSync(`/proc/${folder}/schedstat`, 'utf8').split(' ')
    return Number(waitedNs) / 1e6
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
