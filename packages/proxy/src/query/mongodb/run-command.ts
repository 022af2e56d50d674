import { MongoServerError, type Document } from 'mongodb'
import type { QueryCaps, QueryResult } from '../query-engine.ts'
import { createResultCollector, type ResultCollector } from '../result-collector.ts'
import type { MongoCommand } from './command-rules.ts'
import type { MongoSession } from './mongo-session.ts'
import { toJson } from './to-json.ts'

const batchSize = 200
const cursorCommands = new Set(['find', 'aggregate', 'listCollections', 'listIndexes'])

/** Runs a checked command and collects its documents, batch by batch, up to the caps. */
export async function runCommand(
  command: MongoCommand,
  session: MongoSession,
  caps: QueryCaps,
): Promise<QueryResult> {
  const collector = createResultCollector(caps)
  const document = { ...limited(command, caps), maxTimeMS: caps.timeoutMs }
  try {
    if (cursorCommands.has(command.name)) await collectCursor(document, session, collector)
    else return collectReply(command, await session.db.command(document), collector)
  } catch (error) {
    if (!session.isOver()) throw error
    collector.markTruncated()
  }
  return collector.finish()
}

function limited({ name, document }: MongoCommand, { rowsMax }: QueryCaps): Document {
  if (name === 'find') {
    const limit = Number(document['limit'] ?? 0)
    const isWithin = Number.isInteger(limit) && limit > 0 && limit <= rowsMax
    return { ...document, limit: isWithin ? limit : rowsMax + 1, batchSize, singleBatch: false }
  }
  return cursorCommands.has(name) ? { ...document, cursor: { batchSize } } : document
}

async function collectCursor(document: Document, { db }: MongoSession, to: ResultCollector): Promise<void> {
  const cursor = db.runCursorCommand(document).setBatchSize(batchSize)
  try {
    for await (const row of cursor) if (to.addRecord(fieldsOf(row as Document)) === 'full') return
  } finally {
    // Where rows are left, the server forgets them now.
    await cursor.close()
  }
}

function* fieldsOf(row: Document): Iterable<readonly [string, unknown]> {
  for (const [name, value] of Object.entries(row)) yield [name, toJson(value)]
}

/** What every reply has, and tells nothing of the answer. */
const envelope = new Set(['ok', '$clusterTime', 'operationTime', 'electionId', 'opTime', 'lastErrorObject'])

function collectReply(command: MongoCommand, reply: Document, to: ResultCollector): QueryResult {
  if (command.name === 'distinct' && Array.isArray(reply['values'])) {
    to.setColumns([String(command.document['key'])])
    for (const value of reply['values'] as readonly unknown[]) if (to.add([toJson(value)]) === 'full') break
    return to.finish()
  }
  failOnWriteErrors(reply)
  to.addRecord([...fieldsOf(reply)].filter(([name]) => !envelope.has(name)))
  const result = to.finish()
  return command.kind === 'write' ? { ...result, rowCount: Number(reply['n'] ?? 0) } : result
}

/** A write that failed is answered as a success, with its errors listed. */
function failOnWriteErrors({ writeErrors }: Document): void {
  const [first] = Array.isArray(writeErrors) ? (writeErrors as readonly Document[]) : []
  if (first !== undefined)
    throw new MongoServerError({ message: String(first['errmsg']), code: Number(first['code']) })
}
