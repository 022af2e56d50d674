import type { Document } from 'mongodb'
import { refuseQuery } from '../query-errors.ts'
import type { ShellCall, ShellQuery } from './parse-shell.ts'

type Translate = (collection: string, values: readonly unknown[]) => Document
type Modify = (command: Document, values: readonly unknown[]) => Document

const starts: Readonly<Record<string, Translate>> = {
  find: (find, [filter = {}, projection]) => ({ find, filter, ...optional({ projection }) }),
  findOne: (find, [filter = {}, projection]) => ({ find, filter, ...optional({ projection }), limit: 1 }),
  aggregate: (aggregate, [pipeline = [], options]) => ({ aggregate, pipeline, ...objectOf(options) }),
  countDocuments: (count, [query = {}]) => ({ count, query }),
  count: (count, [query = {}]) => ({ count, query }),
  estimatedDocumentCount: (count) => ({ count }),
  distinct: (distinct, [key, query = {}]) => ({ distinct, key, query }),
  getIndexes: (listIndexes) => ({ listIndexes }),
  insertOne: (insert, [document]) => ({ insert, documents: [document] }),
  insertMany: (insert, [documents]) => ({ insert, documents }),
  updateOne: (update, [q, u, options]) => ({
    update,
    updates: [{ q, u, multi: false, ...objectOf(options) }],
  }),
  updateMany: (update, [q, u, options]) => ({
    update,
    updates: [{ q, u, multi: true, ...objectOf(options) }],
  }),
  replaceOne: (update, [q, u, options]) => ({
    update,
    updates: [{ q, u, multi: false, ...objectOf(options) }],
  }),
  deleteOne: (del, [q]) => ({ delete: del, deletes: [{ q, limit: 1 }] }),
  deleteMany: (del, [q]) => ({ delete: del, deletes: [{ q, limit: 0 }] }),
}

const ofDatabase: Readonly<Record<string, (values: readonly unknown[]) => Document>> = {
  getCollectionNames: () => ({ listCollections: 1, nameOnly: true }),
  runCommand: ([command]) => objectOf(command),
  aggregate: ([pipeline = []]) => ({ aggregate: 1, pipeline }),
}

const set =
  (field: string): Modify =>
  (command, [value]) => ({ ...command, [field]: value })
const same: Modify = (command) => command

const modifiers: Readonly<Record<string, Modify>> = {
  sort: set('sort'),
  limit: set('limit'),
  skip: set('skip'),
  projection: set('projection'),
  hint: set('hint'),
  collation: set('collation'),
  toArray: same,
  pretty: same,
  explain: (explain, [verbosity = 'queryPlanner']) => ({ explain, verbosity }),
  count: ({ find: count, filter: query }) => ({ count, query }),
}

/** The command document that a query of the shell stands for. Throws `query.refused`. */
export function toCommand(query: ShellQuery): Document {
  if (query.form === 'command') return query.document
  const { collection, calls } = query
  const [first, ...rest] = calls
  if (first === undefined) throw refuseQuery('This query asks nothing. Add .find({…}) for example.')
  const start = collection === null ? startDatabase(first) : startCollection(collection, first)
  return rest.reduce((command, call) => modify(command, call), start)
}

function startCollection(collection: string, { name, values, position }: ShellCall): Document {
  const translate = Object.hasOwn(starts, name) ? starts[name] : undefined
  if (translate === undefined) throw refuseCall(name, position, Object.keys(starts).slice(0, 8))
  return translate(collection, values)
}

function startDatabase({ name, values, position }: ShellCall): Document {
  const translate = Object.hasOwn(ofDatabase, name) ? ofDatabase[name] : undefined
  if (translate === undefined) throw refuseCall(name, position, Object.keys(ofDatabase))
  return translate(values)
}

function modify(command: Document, { name, values, position }: ShellCall): Document {
  const change = Object.hasOwn(modifiers, name) ? modifiers[name] : undefined
  const isFind =
    Object.hasOwn(command, 'find') || name === 'toArray' || name === 'pretty' || name === 'explain'
  if (change === undefined || !isFind) throw refuseCall(name, position, Object.keys(modifiers))
  return change(command, values)
}

function refuseCall(name: string, position: number, allowed: readonly string[]): Error {
  return refuseQuery(`.${name.slice(0, 40)}() is not allowed here.`, {
    position,
    hint: `Allowed are ${allowed.join(', ')}.`,
  })
}

function optional(fields: Document): Document {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  )
}

function objectOf(value: unknown): Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
