// Guarantee (REL-15, SPEC §13.5): through restarts, kills, aborts and resets no answer reaches another request's visitor,
// nothing fails apart from the restarts, and no socket or timer is left. `npm run soak` does it for 20 minutes and judges
// memory too; this is its short form.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('a short soak ends well', { timeout: 240_000 }, async () => {
  const program = fileURLToPath(new URL('../soak.ts', import.meta.url))
  const soak = spawn(process.execPath, [program, '--minutes', '0.4'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [soak.stdout, soak.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const [code] = (await once(soak, 'exit')) as [number | null]
  expect(output).toContain('crossed responses: 0')
  expect(output).toMatch(/restart: hub/)
  expect(output).toContain('PASSED')
  expect(code).toBe(0)
})
