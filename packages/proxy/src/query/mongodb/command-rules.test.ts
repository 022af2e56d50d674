// Guarantee (MGO-01, MGO-02, MGO-05): only listed commands with listed fields pass, and no operator that runs code, writes
// or looks at other people passes at any depth.
import { describe, expect, it } from 'vitest'
import { checkCommand } from './command-rules.ts'
import { parseShell } from './parse-shell.ts'
import { toCommand } from './shell-to-command.ts'

const check = (query: string, allowWrites = false) => checkCommand(toCommand(parseShell(query)), allowWrites)

const stage = (text: string): string => `db.a.aggregate([${text}])`
const code = [
  '{$where: "1"}',
  '{$function: {body: "x"}}',
  '{$accumulator: {}}',
  '{a: {$code: "x"}}',
  '{mapReduce: 1}',
]
const places = [
  (text: string) => `db.a.find(${text})`,
  (text: string) => `db.a.find({}, ${text})`,
  (text: string) => `db.a.find({$and: [{$or: [${text}]}]})`,
  (text: string) => stage(`{$match: ${text}}`),
  (text: string) => stage(`{$lookup: {from: "b", as: "c", pipeline: [{$match: ${text}}]}}`),
  (text: string) => stage(`{$facet: {x: [{$project: {y: ${text}}}]}}`),
  (text: string) => stage(`{$unionWith: {coll: "b", pipeline: [{$match: ${text}}]}}`),
  (text: string) => stage(`{$group: {_id: null, x: ${text}}}`),
  (text: string) => `db.a.countDocuments(${text})`,
  (text: string) => `db.a.distinct("b", ${text})`,
  (text: string) => `db.a.find(${text}).explain()`,
]

describe.each(places.map((place) => [place('…'), place] as const))('in %s', (_shown, place) => {
  it.each(code)('%s is refused', (text) => {
    expect(() => check(place(text))).toThrow(expect.objectContaining({ code: 'query.refused' }))
  })
})

const refusals = [
  stage('{$out: "b"}'),
  stage('{$merge: {into: "b"}}'),
  stage('{$lookup: {from: "b", as: "c", pipeline: [{$out: "b"}]}}'),
  stage('{$facet: {x: [{$merge: "b"}]}}'),
  stage('{$unionWith: {coll: "b", pipeline: [{$out: "b"}]}}'),
  stage('{$changeStream: {}}'),
  stage('{$currentOp: {}}'),
  stage('{$listSessions: {}}'),
  stage('{$planCacheStats: {}}'),
  stage('{$unknown: 1}'),
  stage('{$match: {}, $out: "b"}'),
  stage('{$_internalInhibitOptimization: {}}'),
  'db.aggregate([{$currentOp: {}}])',
  'db.a.aggregate([], {allowDiskUse: true})',
  'db.runCommand({find: "a", tailable: true})',
  'db.runCommand({find: "a", awaitData: true})',
  'db.runCommand({find: "a", noCursorTimeout: true})',
  'db.runCommand({find: "a", allowDiskUse: true})',
  'db.runCommand({find: "a", batchSize: 1000000000})',
  'db.runCommand({find: "a", maxTimeMS: 0})',
  'db.runCommand({find: "a", $db: "admin"})',
  'db.runCommand({find: "a", lsid: {}})',
  'db.runCommand({find: "system.users"})',
  'db.runCommand({find: "$cmd"})',
  stage('{$lookup: {from: "system.profile", as: "x", pipeline: []}}'),
  stage('{$lookup: {from: {db: "local", coll: "oplog.rs"}, as: "x", pipeline: []}}'),
  stage(
    '{$graphLookup: {from: "system.users", startWith: 1, connectFromField: "a", connectToField: "b", as: "x"}}',
  ),
  stage('{$unionWith: "system.js"}'),
  stage('{$unionWith: {coll: "system.views"}}'),
  stage('{$facet: {x: [{$lookup: {from: "b", as: "c", pipeline: [{$unionWith: "system.js"}]}}]}}'),
  'db.runCommand({find: {a: 1}})',
  '{explain: {find: "a", allowDiskUse: true}}',
  '{explain: {insert: "a", documents: []}}',
  '{explain: {explain: {find: "a"}}}',
].concat(
  `mapReduce findAndModify bulkWrite create drop dropDatabase createIndexes eval getMore killCursors killOp shutdown
  usersInfo createUser renameCollection collMod compact hello logout authenticate saslStart setParameter getParameter
  serverStatus currentOp`.split(/\s+/),
)

describe.each(refusals)('%s', (text) => {
  const query = /^[a-zA-Z]+$/.test(text) ? `{${text}: "a"}` : text

  it.each([false, true])('is refused, writing allowed: %j', (allowWrites) => {
    expect(() => check(query, allowWrites)).toThrow(expect.objectContaining({ code: 'query.refused' }))
  })
})

it.each([
  'db.a.insertOne({x: 1})',
  'db.a.insertMany([{x: 1}])',
  'db.a.updateOne({x: 1}, {$set: {y: 2}})',
  'db.a.updateMany({}, {$unset: {y: 1}})',
  'db.a.replaceOne({x: 1}, {y: 2})',
  'db.a.deleteOne({x: 1})',
  'db.a.deleteMany({})',
])('%s needs a share that writes', (query) => {
  expect(() => check(query)).toThrow(expect.objectContaining({ code: 'query.refused' }))
  expect(check(query, true).kind).toBe('write')
})
