import { describe, expect, it } from 'vitest'
import { createCleanups } from './cleanups.ts'

describe('cleanups', () => {
  it('run in reverse, all of them, once, and report the first failure', async () => {
    const ran: string[] = []
    const cleanups = createCleanups()
    cleanups.add(async () => void ran.push('identity'))
    cleanups.add(() => Promise.reject(new Error('tunnel')))
    cleanups.add(() => Promise.reject(new Error('share')))
    await expect(cleanups.run()).rejects.toThrow('share')
    expect(ran).toEqual(['identity'])
    await cleanups.run()
    expect(ran).toEqual(['identity'])
  })
})
