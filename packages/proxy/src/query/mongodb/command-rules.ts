import type { Document } from 'mongodb'
import { refuseQuery } from '../query-errors.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/** The commands that a query may be, and which of their fields it may set; all else is the hub's to set, or nobody's. */
export const readFields: Readonly<Record<string, ReadonlySet<string>>> = {
  find: words('find filter projection sort skip limit hint collation let min max'),
  aggregate: words('aggregate pipeline cursor collation hint let'),
  count: words('count query limit skip hint collation'),
  distinct: words('distinct key query collation hint'),
  listCollections: words('listCollections filter nameOnly cursor'),
  listIndexes: words('listIndexes cursor'),
  explain: words('explain verbosity'),
}
const writeFields: Readonly<Record<string, ReadonlySet<string>>> = {
  insert: words('insert documents ordered'),
  update: words('update updates ordered let'),
  delete: words('delete deletes ordered let'),
}

const stages =
  words(`$addFields $bucket $bucketAuto $collStats $count $densify $documents $facet $fill $geoNear $graphLookup
  $group $indexStats $limit $lookup $match $project $redact $replaceRoot $replaceWith $sample $set $setWindowFields $skip
  $sort $sortByCount $unionWith $unset $unwind`)

/** Operators that run code, write, or show what other people do. They are refused wherever they stand. */
const refusedKeys =
  words(`$where $function $accumulator $out $merge $code $scope $changeStream $changeStreamSplitLargeEvent
  $currentOp $listSessions $listLocalSessions $listSampledQueries $listClusterCatalog $queryStats $querySettings
  $planCacheStats $shardedDataDistribution $backupCursor $backupCursorExtend $operationMetrics mapReduce mapreduce`)

export interface MongoCommand {
  readonly kind: 'read' | 'write'
  /** `find`, `aggregate` … */
  readonly name: string
  readonly document: Document
}

/** Refuses what is not on the list, and code and writes at any depth. Throws `query.refused`. */
export function checkCommand(document: Record<string, unknown>, allowWrites: boolean): MongoCommand {
  const [name = ''] = Object.keys(document)
  const kind = Object.hasOwn(writeFields, name) ? 'write' : 'read'
  const fields = fieldsOf(name)
  if (kind === 'write' && !allowWrites) throw refuseQuery(`This share can only read: ${name} is not allowed.`)
  for (const field of Object.keys(document)) {
    if (!fields.has(field)) throw refuseQuery(`${field.slice(0, 40)} cannot be set for ${name}.`)
  }
  checkKeys(document)
  if (name === 'explain') checkExplained(document['explain'])
  else checkCollection(name, document[name])
  if (name === 'aggregate') checkPipeline(document['pipeline'])
  return { kind, name, document }
}

function fieldsOf(name: string): ReadonlySet<string> {
  const known = { ...readFields, ...writeFields }
  const fields = Object.hasOwn(known, name) ? known[name] : undefined
  if (fields !== undefined) return fields
  const hint = `Allowed are ${Object.keys(readFields).join(', ')}.`
  throw refuseQuery(`The command ${name.slice(0, 40)} is not allowed here.`, { hint })
}

function checkExplained(command: unknown): void {
  if (!isObject(command)) throw refuseQuery('explain takes a command document.')
  if (checkCommand(command, false).name === 'explain') throw refuseQuery('explain cannot be explained.')
}

function checkCollection(name: string, collection: unknown): void {
  if (name === 'listCollections' || (name === 'aggregate' && collection === 1)) return
  if (isOwnCollection(collection)) return
  throw refuseQuery(`${name} takes the name of a collection that is not the system's.`)
}

function isOwnCollection(name: unknown): boolean {
  return typeof name === 'string' && /^(?!system\.)[^$\0]+$/.test(name)
}

/** Over all objects and arrays; types of BSON are values, none of which can hold code. */
function checkKeys(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) checkKeys(item)
  if (!isObject(value)) return
  for (const [key, inner] of Object.entries(value)) {
    if (refusedKeys.has(key) || key.startsWith('$_')) {
      throw refuseQuery(`${key.slice(0, 40)} is not allowed in a query.`)
    }
    checkInnerPipelines(key, inner)
    checkJoined(key, inner)
    checkKeys(inner)
  }
}

function checkInnerPipelines(key: string, inner: unknown): void {
  if (key === 'pipeline' && Array.isArray(inner)) checkPipeline(inner)
  if (key === '$facet' && isObject(inner)) Object.values(inner).forEach(checkPipeline)
}

const joining = new Map([
  ['$lookup', 'from'],
  ['$graphLookup', 'from'],
  ['$unionWith', 'coll'],
])

/** Stages that read a second collection; without a name they read the documents of their own pipeline. */
function checkJoined(key: string, inner: unknown): void {
  const field = joining.get(key)
  if (field === undefined) return
  const collection = isObject(inner) ? inner[field] : inner
  if (collection === undefined || isOwnCollection(collection)) return
  throw refuseQuery(`${key} takes the name of a collection of this database that is not the system's.`)
}

function checkPipeline(pipeline: unknown): void {
  if (!Array.isArray(pipeline)) throw refuseQuery('A pipeline is a list of stages.')
  for (const stage of pipeline as readonly unknown[]) {
    const [name = '', ...others] = isObject(stage) ? Object.keys(stage) : []
    if (others.length > 0 || !stages.has(name)) {
      throw refuseQuery(`${name.slice(0, 40) || 'This'} is no stage that is allowed here.`)
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
