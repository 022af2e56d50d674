import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lint-rules-'))
const config = join(import.meta.dirname, '../.oxlintrc.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function lint(source: string): string {
  const file = join(folder, 'planted.ts')
  writeFileSync(file, source)
  const { stdout, stderr } = spawnSync('oxlint', ['--config', config, '--format=unix', file], {
    encoding: 'utf8',
  })
  return stdout + stderr
}

// Guarantee (SUP-02): no code of ours can decode Brotli, read the environment or reach into another package unseen.
describe('the linter', () => {
  it.each([
    [
      `import { createBrotliDecompress } from 'node:zlib'\nexport const a = createBrotliDecompress()\n`,
      'no-restricted-imports',
    ],
    [`import { brotliDecompressSync as x } from 'zlib'\nexport const a = x\n`, 'no-restricted-imports'],
    [`import zlib from 'node:zlib'\nexport const a = zlib.brotliDecompress\n`, 'no-restricted-properties'],
    [`import { fetch } from 'undici'\nexport const a = fetch\n`, 'no-restricted-imports'],
    [
      `import { interceptors } from 'undici'\nexport const a = interceptors.decompress()\n`,
      'no-restricted-imports',
    ],
    [`export const a = fetch('http://localhost')\n`, 'no-restricted-globals'],
    [`export const a = process.env.HOME\n`, 'no-restricted-properties'],
    [`import { a } from '@private-connect/db/src/users.ts'\nexport const b = a\n`, 'no-restricted-imports'],
    [`export function f(x: any) {\n  return x as string\n}\n`, 'no-explicit-any'],
    [`export function f() {\n  console.log('x')\n}\n`, 'no-console'],
  ])('refuses %j', (source, rule) => {
    expect(lint(source)).toContain(rule)
  })

  it('takes code that does none of it', () => {
    expect(lint(`export const a = 1\n`)).toMatch(/0 (problems|warnings)|^$/)
  })
})
