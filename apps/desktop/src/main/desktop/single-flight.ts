/** Runs `work` one at a time: of calls during a run, one more run follows for all of them. */
export function createSingleFlight(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | null = null
  let isAskedAgain = false
  const run = async (): Promise<void> => {
    do {
      isAskedAgain = false
      await work()
    } while (isAskedAgain)
  }
  return async () => {
    if (current === null) current = run().finally(() => (current = null))
    else isAskedAgain = true
    return current
  }
}

/** Does pieces of work one after the other, whatever becomes of each. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return async (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}
