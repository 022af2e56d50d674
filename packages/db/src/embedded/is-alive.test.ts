import { spawnSync } from 'node:child_process'
import { afterEach, expect, it, vi } from 'vitest'
import { isAlive } from './is-alive.ts'

afterEach(() => void vi.restoreAllMocks())

it('tells a process that runs from one that has ended', () => {
  expect(isAlive(process.pid)).toBe(true)
  expect(isAlive(spawnSync(process.execPath, ['--version']).pid)).toBe(false)
})

// Guarantee: what another user's hub is making is not taken for a leftover.
it('knows that a process it may not signal is there', () => {
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('not permitted'), { code: 'EPERM' })
  })
  expect(isAlive(1)).toBe(true)
})
