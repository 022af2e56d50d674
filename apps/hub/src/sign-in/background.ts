import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '../logging.ts'

export interface Background {
  /** Begins the task once the answer of the request that asks for it is on its way; a failure is logged. */
  runLater(task: () => Promise<void>): void
  /** Resolves when everything begun so far is done. */
  settle(): Promise<void>
}

/** Long enough for an answer to leave, too short for a person to notice. */
const delayMs = 50

/** What has to happen after an answer, so that the answer's time says nothing of it. */
export function createBackground(log: Pick<Logger, 'error'>): Background {
  const active = new Set<Promise<void>>()
  return {
    runLater(task) {
      const run = wait(delayMs)
        .then(task)
        .catch((err: unknown) => log.error({ err }, 'a task after an answer failed'))
      active.add(run)
      void run.finally(() => active.delete(run))
    },
    async settle() {
      await Promise.all(active)
    },
  }
}
