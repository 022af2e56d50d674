import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseJson, preparePrivateDir, writePrivateJson } from './private-json.ts'

/** CASES ELE-16: what holds tokens is its owner's only, and whole at every moment. */
let folder: string
let file: string

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'pc-private-')), 'app')
  file = join(folder, 'secrets.json')
})

afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('a private file', () => {
  it('is readable by its owner only, in a folder that is so too', async () => {
    mkdirSync(folder, { mode: 0o755 })
    chmodSync(folder, 0o755)
    await preparePrivateDir(file)
    await writePrivateJson(file, { token: 'x' })
    expect([modeOf(folder), modeOf(file)]).toEqual([0o700, 0o600])
    expect(parseJson(readFileSync(file, 'utf8'))).toEqual({ token: 'x' })
  })

  it('narrows one that others could read', async () => {
    await preparePrivateDir(file)
    await writePrivateJson(file, 1)
    chmodSync(file, 0o644)
    await writePrivateJson(file, 2)
    expect(modeOf(file)).toBe(0o600)
  })

  it('is replaced in one step: whoever reads has the old one or the new one, whole', async () => {
    await preparePrivateDir(file)
    await writePrivateJson(file, 'old')
    const reader = openSync(file, 'r')
    await writePrivateJson(file, 'new')
    expect([readFileSync(reader, 'utf8'), readFileSync(file, 'utf8')]).toEqual(['"old"\n', '"new"\n'])
  })

  it('leaves nothing behind where it cannot be written', async () => {
    mkdirSync(join(file, 'in-the-way'), { recursive: true })
    await expect(writePrivateJson(file, { token: 'x' })).rejects.toThrow(/^E(?:ISDIR|NOTEMPTY|EXIST|PERM)/)
    expect(readdirSync(folder)).toEqual(['secrets.json'])
  })
})
