// Guarantee: contracts run in browsers and on Electron's Node 20.18: they import zod and each other, nothing else,
// and nothing that came later than Node 20.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const folder = new URL('../src/contracts/', import.meta.url)
const files = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'))
const newerThanNode20 =
  /Promise\.(withResolvers|try)|Array\.fromAsync|Object\.groupBy|Map\.groupBy|RegExp\.escape|\.(union|intersection|difference|isSubsetOf)\(|Iterator\./

describe.each(files)('%s', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')

  it('imports zod and its neighbours only', () => {
    const sources = [...text.matchAll(/(?:from|import) '([^']+)'/g)].map(([, source]) => source)
    expect(sources.filter((source) => source !== 'zod' && !/^\.\/[\w-]+\.ts$/.test(source ?? ''))).toEqual([])
  })

  it('uses nothing newer than Node 20.18, nor Node itself', () => {
    expect(text).not.toMatch(newerThanNode20)
    expect(text).not.toMatch(/\b(Buffer|process)\b/)
  })
})
