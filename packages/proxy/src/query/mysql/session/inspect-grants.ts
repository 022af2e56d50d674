import type { RoleFinding } from '../../query-engine.ts'
import type { MysqlSession } from './open-session.ts'

/** What a login may have on all databases without being more than a reader. */
const harmless = new Set([
  'USAGE',
  'SELECT',
  'SHOW DATABASES',
  'SHOW VIEW',
  'EXECUTE',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'REPLICATION CLIENT',
  'BINLOG MONITOR',
  'SLAVE MONITOR',
  'REPLICA MONITOR',
  'SHOW_ROUTINE',
  'SHOW CREATE ROUTINE',
])

/** Asks which rights the login has, with those of its roles, and names the ones that are too many. */
export async function inspectGrants(session: MysqlSession): Promise<RoleFinding> {
  const lines = await readGrants(session)
  const reasons = [...new Set(lines.flatMap((line) => tooMuch(line)))]
  if (reasons.length === 0) return { isPrivileged: false, reason: null }
  return { isPrivileged: true, reason: `The login has ${reasons.slice(0, 8).join(', ')}.` }
}

async function readGrants(session: MysqlSession): Promise<string[]> {
  const lines = textsOf(await session.ask('SHOW GRANTS'))
  // MariaDB lists the rights of the roles that are on; MySQL has to be asked with their names.
  const roles = session.isMariaDb ? [] : lines.flatMap((line) => rolesOf(line))
  if (roles.length === 0) return lines
  return [...lines, ...textsOf(await session.ask(`SHOW GRANTS FOR CURRENT_USER() USING ${roles.join(', ')}`))]
}

function textsOf(rows: readonly (string | null)[][]): string[] {
  return rows.map(([line]) => line ?? '')
}

const quotedRole = /`(?:[^`]|``)*`@`(?:[^`]|``)*`/g

/** GRANT `reader`@`%`,`writer`@`%` TO `user`@`host` */
function rolesOf(line: string): string[] {
  const [, roles] = /^GRANT (`.*`) TO /.exec(line) ?? []
  return roles === undefined ? [] : (roles.match(quotedRole) ?? [])
}

/** What in one line of SHOW GRANTS makes a login privileged. */
export function tooMuch(line: string): string[] {
  const option = /WITH (GRANT|ADMIN) OPTION/.exec(line)?.[0]
  const options = option === undefined ? [] : [option]
  const [, rights, target] =
    /^GRANT (.+?) ON ((?:`(?:[^`]|``)*`|\*)\.(?:`(?:[^`]|``)*`|\*)) TO /.exec(line) ?? []
  if (rights === undefined || target === undefined)
    return line.startsWith('GRANT PROXY ') ? ['PROXY', ...options] : options
  if (!coversServer(target)) return options
  const names = rights
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((right) => right.trim())
  const many = names.filter((right) => !harmless.has(right))
  return [
    ...many.map((right) => `${right} on ${target === '*.*' ? 'all databases' : 'the server’s own tables'}`),
    ...options,
  ]
}

/** All databases, or a pattern that the database `mysql` fits. */
function coversServer(target: string): boolean {
  const [, schema] = /^`((?:[^`]|``)*)`\./.exec(target) ?? []
  if (schema === undefined) return target.startsWith('*')
  const pattern = schema.replaceAll(/\\?[\s\S]/g, (piece) => {
    if (piece === '%') return '.*'
    if (piece === '_') return '.'
    const character = piece.length === 2 ? piece[1]! : piece
    return character.replace(/[^\w]/, '\\$&')
  })
  return new RegExp(`^${pattern}$`, 'i').test('mysql')
}
