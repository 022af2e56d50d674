/** What a node is sending now, and for whom. */
export interface RunningSends {
  readonly count: number
  add(workspaceId: string, send: Promise<void>): void
  /** Workspaces that have at least so many. */
  listBusy(sendsMin: number): string[]
  /** Resolves when all of them have ended. */
  settle(): Promise<void>
}

export function createRunningSends(onEnd: () => void): RunningSends {
  const sends = new Map<Promise<void>, string>()
  return {
    get count() {
      return sends.size
    },
    add(workspaceId, send) {
      sends.set(send, workspaceId)
      void send.finally(() => {
        sends.delete(send)
        onEnd()
      })
    },
    listBusy(sendsMin) {
      const counts = Map.groupBy(sends.values(), (workspaceId) => workspaceId)
      return [...counts].flatMap(([workspaceId, { length }]) => (length >= sendsMin ? [workspaceId] : []))
    },
    settle: async () => void (await Promise.all(sends.keys())),
  }
}
