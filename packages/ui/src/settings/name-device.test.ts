import { describe, expect, it } from 'vitest'
import { nameDevice } from './name-device.ts'

describe('nameDevice', () => {
  it.each([
    [null, 'A browser'],
    ['curl/7.88.1', 'A program'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36', 'Chrome on Windows'],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
      'Edge on Windows',
    ],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1', 'Safari on iOS'],
  ])('%s', (userAgent, name) => {
    expect(nameDevice(userAgent)).toBe(name)
  })
})
