import { AppError } from '@private-connect/errors'
import { wireBytesMax } from '../driver-socket.ts'
import type { ExecuteOptions, QueryEngine, QueryResult, RoleFinding } from '../query-engine.ts'
import { failQuery } from '../query-errors.ts'
import { createResultCollector } from '../result-collector.ts'
import { checkCommand, judgeFlags, type CommandFlags, type RedisCommand } from './command-rules.ts'
import { collectReply } from './present-reply.ts'
import { openRedisSession, type RedisSession, type SessionOptions } from './redis-session.ts'
import { splitCommand } from './split-command.ts'

export const redisEngine: QueryEngine<RedisCommand> = {
  name: 'redis',
  needsLogin: false,
  check: (request, rules) => checkCommand(splitCommand(request.query), rules),
  // Its commands cannot be cancelled on the server: they are short, or blocking ones, which are refused.
  async execute(command, options) {
    const { connection, caps, signal } = options
    try {
      const open = { connection, bytesMax: wireBytesMax(caps.bytesMax), signal }
      return await inSession(open, (session) => runCommand(command, session, options))
    } catch (error) {
      throw signal.aborted ? signal.reason : toQueryError(error, options)
    }
  },
  inspectRole: async (connection, signal) =>
    inSession({ connection, bytesMax: roleBytesMax, signal }, inspect),
}

async function inSession<T>(
  options: SessionOptions,
  work: (session: RedisSession) => Promise<T>,
): Promise<T> {
  const session = await openRedisSession(options)
  try {
    return await work(session)
  } finally {
    session.close()
  }
}

const roleBytesMax = 1_024 * 1_024

async function runCommand(
  command: RedisCommand,
  session: RedisSession,
  { rules, caps }: ExecuteOptions,
): Promise<QueryResult> {
  const [flags, role] = await Promise.all([askFlags(session, command.name), inspect(session)])
  if (role.isPrivileged && !rules.allowPrivilegedRole) throw new AppError('query.role_refused')
  judgeFlags(command, flags, rules)
  const [name = Buffer.alloc(0), ...args] = command.words.map(({ bytes }) => bytes)
  const collector = createResultCollector(caps)
  try {
    const reply = await session.send(name.toString('latin1'), args)
    collectReply([name, ...args], reply, collector)
  } catch (error) {
    if (!session.socket.isOver) throw error
    collector.markTruncated()
  }
  return collector.finish()
}

async function askFlags(session: RedisSession, name: string): Promise<CommandFlags | 'unknown' | null> {
  try {
    const found = await readFlags(session, name)
    // Before Redis 7 a subcommand has no flags of its own.
    return found === null && name.includes('|')
      ? await readFlags(session, name.split('|', 1)[0] ?? '')
      : found
  } catch (error) {
    if (isRefusal(error)) return 'unknown'
    throw error
  }
}

async function readFlags(session: RedisSession, name: string): Promise<CommandFlags | null> {
  const reply = (await session.send('command', ['info', name])) as readonly unknown[]
  const [info] = reply
  if (!Array.isArray(info)) return null
  const texts = [info[2], info[6]].flatMap((list) => (Array.isArray(list) ? list.map(String) : []))
  return { flags: new Set(texts.map((text) => text.toLowerCase().replace(/^@/, ''))) }
}

/** A login that reads the server's configuration is an administrator's: it reads only a harmless part of it. */
async function inspect(session: RedisSession): Promise<RoleFinding> {
  try {
    await session.send('config', ['get', 'maxmemory'])
    const reason = 'This login may administrate the server (it has @admin or @all).'
    return { isPrivileged: true, reason }
  } catch (error) {
    if (isRefusal(error)) return { isPrivileged: false, reason: null }
    throw error
  }
}

/** The server answered with an error, as against a connection that broke. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError'
}

function toQueryError(error: unknown, { connection }: ExecuteOptions): unknown {
  if (error instanceof AppError) return error
  if (!isRefusal(error)) {
    const message = error instanceof Error ? error.message : String(error)
    return new AppError('query.unavailable', undefined, { message })
  }
  const [code = ''] = error.message.split(' ', 1)
  const isCode = /^[A-Z][A-Z0-9]+$/.test(code)
  // Where a cluster sends a client is an address inside its owner's network; nobody follows it.
  const text = /^(MOVED|ASK)\b/.test(error.message)
    ? `${code} to another node, which queries do not follow.`
    : error.message
  return failQuery(text, { databaseCode: isCode ? code : null }, connection)
}
