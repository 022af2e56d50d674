import { readQueryInput } from '@private-connect/api'
import type { AskDatabase } from '@private-connect/proxy/serve'
import type { RunQuestion } from './run-question.ts'

/** Answers visitors' queries, whose share let them in; their bodies are read here. */
export function createVisitorQueries(run: RunQuestion): AskDatabase {
  return async ({ grant, database, body, signal, ipAddress, userAgent, visitorId }) => {
    const who = { actorId: null, visitorId, ipAddress, userAgent }
    return run({ grant, database, question: readQueryInput(body), who, signal })
  }
}
