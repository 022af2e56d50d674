import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'

// Fails when prisma/schema.prisma says something that the SQL migrations do not create: the client would then ask
// for columns that no database has. Works without a server: the migrations are replayed in memory (tools/prisma).

const root = join(import.meta.dirname, '..')
const engine = execFileSync(join(root, 'tools/prisma/install'), { encoding: 'utf8' })
  .trim()
  .split('\n')
  .at(-1)

const diff = spawnSync(
  join(root, 'node_modules/.bin/prisma'),
  ['migrate', 'diff', '--exit-code', '--script']
    .concat(['--from-migrations', 'prisma/migrations'])
    .concat(['--to-schema', 'prisma/schema.prisma']),
  {
    cwd: join(root, 'packages/db'),
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: engine,
      // Prisma runs the stand-in by its shebang: it must find this Node.
      PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
    },
  },
)

// An engine that answers nothing exits 0 too, so the answer itself is asked for.
if (diff.status === 0 && diff.stdout.includes('This is an empty migration')) {
  console.log('Migrations and schema.prisma agree.')
} else if (diff.status === 2) {
  console.error('schema.prisma has what no migration creates. Add a migration with this SQL:\n')
  console.error(diff.stdout)
  process.exit(1)
} else {
  console.error('The drift check itself failed:\n', diff.stdout, diff.stderr, diff.error ?? '')
  process.exit(1)
}
