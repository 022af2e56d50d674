import type { QueryRules } from '../query-engine.ts'
import { refuseQuery } from '../query-errors.ts'
import { refuseAmplification } from './amplifying-arguments.ts'
import type { CommandWord } from './split-command.ts'

export interface RedisCommand {
  readonly kind: 'read' | 'write'
  /** Lower case; with its subcommand where it has one: `object|freq`. */
  readonly name: string
  readonly words: readonly CommandWord[]
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/**
 * Never sent, whatever a server's flags say of them: they change the session or who it is, wait, run scripts, reach other
 * servers, block the server for all, or (LCS) take the product of two values' lengths in memory.
 */
const refused =
  words(`acl asking auth bgrewriteaof bgsave blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin
  client cluster command config debug discard dump eval eval_ro evalsha evalsha_ro exec failover fcall fcall_ro flushall
  flushdb function hello hotkeys info keys lastsave latency lcs migrate module monitor move multi pfcount pfdebug pfselftest psubscribe
  psync publish pubsub punsubscribe quit readonly readwrite replconf replicaof reset restore restore-asking role save script
  select shutdown slaveof slowlog sort sort_ro spublish ssubscribe subscribe sunsubscribe swapdb sync unsubscribe unwatch
  wait waitaof watch xreadgroup`)

/** Of these only some subcommands are for anyone who asks. */
const subcommands: Readonly<Record<string, ReadonlySet<string>>> = {
  memory: words('usage'),
  object: words('encoding freq idletime refcount'),
  xinfo: words('stream groups consumers'),
  xgroup: words('create createconsumer delconsumer destroy setid'),
}

/** What reads, for a server that keeps its own flags from this login. */
const reads =
  words(`bitcount bitfield_ro bitpos dbsize echo exists expiretime geodist geohash geopos georadius_ro
  georadiusbymember_ro geosearch get getbit getrange hexists hget hgetall hkeys hlen hmget hrandfield hscan hstrlen hvals
  lindex llen lpos lrange memory|usage mget object|encoding object|freq object|idletime object|refcount pexpiretime ping
  pttl randomkey scan scard sdiff sinter sintercard sismember smembers smismember srandmember sscan strlen substr sunion
  time ttl type xinfo|consumers xinfo|groups xinfo|stream xlen xpending xrange xread xrevrange zcard zcount zdiff zinter
  zintercard zlexcount zmscore zrandmember zrange zrangebylex zrangebyscore zrank zrevrange zrevrangebylex zrevrangebyscore
  zrevrank zscan zscore zunion`)

/** Reads that servers do not flag as such, since they touch no key. */
const plain = words('echo ping time')

/** Refuses by name what no query may do, before anything is sent. */
export function checkCommand(all: readonly CommandWord[], rules: QueryRules): RedisCommand {
  const [first, second] = all
  if (first === undefined) throw refuseQuery('There is no command in this query.', { position: 1 })
  const command = first.bytes.toString('latin1').toLowerCase()
  const shown = command.toUpperCase().slice(0, 40)
  const { position } = first
  if (rules.maskedColumns.length > 0) {
    throw refuseQuery(
      'This share masks columns, which Redis does not have. Its owner has to share it without.',
    )
  }
  if (!/^[a-z][a-z0-9_.-]*$/.test(command) || refused.has(command)) {
    throw refuseQuery(`${shown} is not allowed here.`, {
      position,
      hint: 'Queries take commands that read keys.',
    })
  }
  const subcommand = subcommandOf(command, second)
  refuseArguments(command, all)
  refuseAmplification(command, all)
  const name = subcommand === null ? command : `${command}|${subcommand}`
  return { kind: reads.has(name) ? 'read' : 'write', name, words: all }
}

function subcommandOf(command: string, second: CommandWord | undefined): string | null {
  const allowed = Object.hasOwn(subcommands, command) ? subcommands[command] : undefined
  if (allowed === undefined) return null
  const subcommand = second?.bytes.toString('latin1').toLowerCase() ?? ''
  if (allowed.has(subcommand)) return subcommand
  const shown = `${command} ${subcommand}`.trim().toUpperCase().slice(0, 60)
  throw refuseQuery(`${shown} is not allowed here.`, {
    position: second?.position ?? null,
    hint: `Allowed are: ${[...allowed].join(', ').toUpperCase()}.`,
  })
}

/** Words that turn a harmless command into one that waits, or writes to another database. */
function refuseArguments(command: string, all: readonly CommandWord[]): void {
  const word = { xread: 'block', copy: 'db' }[command]
  if (word === undefined) return
  const found = all.slice(1).find(({ bytes }) => bytes.toString('latin1').toLowerCase() === word)
  if (found === undefined) return
  throw refuseQuery(`${command.toUpperCase()} with ${word.toUpperCase()} is not allowed here.`, {
    position: found.position,
  })
}

/** What `COMMAND INFO` says of a command: its flags and ACL categories in lower case. Null: the server knows no such command. */
export interface CommandFlags {
  readonly flags: ReadonlySet<string>
}

const never = [
  'admin',
  'blocking',
  'dangerous',
  'noscript',
  'pubsub',
  'scripting',
  'transaction',
  'may_replicate',
]

/** Judges by the server's own flags. `unknown`: the server does not tell; then only known reads pass. */
export function judgeFlags(
  command: RedisCommand,
  found: CommandFlags | 'unknown' | null,
  rules: QueryRules,
): void {
  const { name, words: all } = command
  const why = refusalOf(name, found, rules)
  if (why === null) return
  const shown = name.replace('|', ' ').toUpperCase()
  throw refuseQuery(`${shown} is not allowed here: ${why}.`, { position: all[0]?.position ?? null })
}

function refusalOf(name: string, found: CommandFlags | 'unknown' | null, rules: QueryRules): string | null {
  if (found === null) return 'the server knows no such command'
  if (found === 'unknown') return reads.has(name) ? null : 'the login may not ask the server what it does'
  if (plain.has(name)) return null
  const { flags } = found
  const bad = never.find((flag) => flags.has(flag) && !(name === 'xread' && flag === 'blocking'))
  if (bad !== undefined) return `the server flags it as ${bad}`
  if (flags.has('readonly') || (flags.has('write') && rules.allowWrites)) return null
  return flags.has('write') ? 'it writes, and this share is read-only' : 'it is no command that reads'
}
