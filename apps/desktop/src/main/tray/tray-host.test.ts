import { describe, expect, it } from 'vitest'
import { variant } from '../system/session-bus.ts'
import { hasTrayHost } from './tray-host.ts'

describe('hasTrayHost', () => {
  it('asks the session bus where there is one', async () => {
    expect(await hasTrayHost('always')).toBe(true)
    expect(await hasTrayHost(null)).toBe(false)
    expect(await hasTrayHost({ call: () => Promise.resolve([variant('b', true)]) })).toBe(true)
    expect(await hasTrayHost({ call: () => Promise.resolve([variant('b', false)]) })).toBe(false)
    expect(await hasTrayHost({ call: () => Promise.reject(new Error('no such name')) })).toBe(false)
  })
})
