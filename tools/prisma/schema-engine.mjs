#!/usr/bin/env node
// Stand-in for Prisma's native schema-engine binary: same JSON-RPC over stdio, work done by @prisma/schema-engine-wasm.
// Host "embedded" in the URL = PGlite (?dir=PATH, else in memory); any other = PostgreSQL. The shadow database is always an in-memory PGlite.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
const argv = process.argv.slice(2),
  opt = (n) => argv.flatMap((a, i) => (a === n ? [argv[i + 1]] : []))
if (argv[0] === '--version') {
  console.log('schema-engine-wasm shim')
  process.exit(0)
}
const url = JSON.parse(opt('--datasource')[0] ?? '{}').url ?? process.env.DATABASE_URL,
  u = new URL(url)
const embedded = u.hostname === 'embedded'
if (argv.includes('cli')) {
  // cli can-connect-to-database | create-database
  try {
    if (!embedded) {
      const name = decodeURIComponent(u.pathname.slice(1)),
        create = argv.includes('create-database')
      if (create) u.pathname = '/postgres'
      const c = new pg.Client(u.toString())
      await c.connect()
      if (create) await c.query(`CREATE DATABASE "${name}"`)
      await c.end()
    }
    process.exit(0)
  } catch (e) {
    console.error(
      'shim\n' +
        JSON.stringify({
          timestamp: new Date(),
          level: 'ERROR',
          target: 'schema_engine::logger',
          fields: { is_panic: false, message: e.message, error_code: e.code === '3D000' ? 'P1003' : 'P1001' },
        }),
    )
    process.exit(1)
  }
}
const proto = (a) => Object.getPrototypeOf(Object.getPrototypeOf(a)) // PgQueryable
class Pg extends PrismaPg {
  // adapter-pg 7.10 as a migration adapter: splits scripts on ';', cannot read type "char", shadow DB broken
  async connect() {
    const a = await super.connect()
    a.performIO = async (q) => {
      const r = await proto(a).performIO.call(a, q)
      for (const f of r.fields) if (f.dataTypeID === 18) f.dataTypeID = 1042
      return r
    }
    a.executeScript = async (s) => {
      const c = await a.client.connect()
      try {
        await c.query(s)
      } catch (e) {
        a.onError(e)
      } finally {
        c.release()
      }
    }
    return a
  }
  async connectToShadowDb() {
    return lite(new PGlite()).connect()
  }
}
const lite = (db) => {
  // pglite-prisma-adapter 0.7.2 does not await scripts
  const f = new PrismaPGlite(db),
    fix = (a) =>
      Object.assign(a, {
        executeScript: (s) =>
          a.client.exec(s).then(
            () => {},
            (e) => a.onError(e),
          ),
      })
  const { connect, connectToShadowDb } = f
  return Object.assign(f, {
    connect: async () => fix(await connect.call(f)),
    connectToShadowDb: async () => fix(await connectToShadowDb.call(f)),
  })
}
async function start() {
  const bg = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const file = join(
    dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')),
    'schema_engine_bg.wasm',
  )
  const inst = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {
    './schema_engine_bg.js': bg,
  })
  bg.__wbg_set_wasm(inst.exports)
  inst.exports.__wbindgen_start()
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (m) => console.error(JSON.stringify({ level: 'ERROR', fields: { message: m } })),
  }
  const models = opt('--datamodels').map((p) => [p, readFileSync(resolve(p), 'utf8')])
  if (!models.length) models.push(['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}'])
  const factory = embedded ? lite(new PGlite(u.searchParams.get('dir') ?? undefined)) : new Pg(url)
  return bg.SchemaEngine.new({ datamodels: models }, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
}
const send = (o) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...o }) + '\n')
let engine,
  n = 1e6
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (!method) continue
  try {
    if (!embedded && !engine) {
      const p = new pg.Client(url)
      await p.connect()
      await p.end()
    } // a clear error, not a WASM trap
    engine ??= start()
    const r = await (await engine)[method === 'getDatabaseVersion' ? 'version' : method](params)
    if (method === 'diff') {
      if (r.stdout) send({ id: n++, method: 'print', params: { content: r.stdout } })
      send({ id, result: { exitCode: r.exitCode } })
    } else send({ id, result: r ?? {} })
  } catch (e) {
    send({
      id,
      error: {
        code: 4466,
        message: 'An error happened. Check the data field for details.',
        data: { is_panic: false, message: e.message, meta: e.meta ?? null, error_code: e.code ?? null },
      },
    })
  }
}
process.exit(0)
