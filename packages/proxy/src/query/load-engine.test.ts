import { expect, it } from 'vitest'
import { loadEngine } from './load-engine.ts'

it.each(['mongodb', 'mysql', 'postgresql', 'redis'] as const)(
  '%s is loaded by its name, with what it needs',
  async (name) => {
    const engine = await loadEngine(name)
    expect(engine).toBe(await loadEngine(name))
    expect(Object.values(engine).some((part) => typeof part === 'function')).toBe(true)
  },
)
