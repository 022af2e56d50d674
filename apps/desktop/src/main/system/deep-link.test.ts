import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findDeepLink, readDeepLink } from './deep-link.ts'

describe('readDeepLink', () => {
  it.each([
    ['privateconnect://open', '/'],
    ['privateconnect://open/', '/'],
    ['privateconnect://shares', '/shares'],
    ['privateconnect://share', '/share'],
    ['privateconnect://settings/', '/settings'],
    ['privateconnect://shares/share_01kq3v7d2m8x5f9b4n6c0h1jtw', '/shares/share_01kq3v7d2m8x5f9b4n6c0h1jtw'],
  ])('%s shows %s', (link, path) => {
    expect(readDeepLink(link)).toBe(path)
  })

  it.each([
    'privateconnect:shares',
    'privateconnect:///shares',
    'PRIVATECONNECT://shares',
    'PRIVATECONNECT://shares/share_1',
    'privateconnect://shares/SHARE_1',
    'privateconnect://share/3000',
    'privateconnect://share?port=22',
    'privateconnect://shares/share_1?revoke=1',
    'privateconnect://shares/share_1#x',
    'privateconnect://shares/share_1/revoke',
    'privateconnect://shares/../settings',
    'privateconnect://shares/share_1%2f..',
    'privateconnect://ada@shares',
    'privateconnect://shares:80',
    'privateconnect://shares//',
    'privateconnect://shares\n',
    'privateconnect://',
    'https://shares',
    `privateconnect://shares/share_${'a'.repeat(41)}`,
  ])('takes %j for no link', (link) => {
    expect(readDeepLink(link)).toBeNull()
  })

  it('leads to a screen of the window, whatever it is given', () => {
    const tail = fc.array(
      fc.constantFrom('shares', 'share_1', 'open', '/', '..', '%2f', '?', '#', ':', '@', '\\', ' '),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          tail.map((all) => all.join('')),
        ),
        (rest) => {
          expect(readDeepLink(`privateconnect://${rest}`) ?? '/').toMatch(
            /^\/([a-z]+|shares\/share_[\da-z]+)?$/,
          )
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('findDeepLink', () => {
  it('finds the link among the arguments of a second start', () => {
    const argv = ['/opt/private-connect', '--allow-file-access', 'privateconnect://shares']
    expect(findDeepLink(argv)).toBe('/shares')
    expect(findDeepLink(argv.slice(0, 2))).toBeNull()
    expect(findDeepLink(['/opt/private-connect', 'privateconnect://rm'])).toBeNull()
    // Systems append the link: what comes before it is somebody's switch.
    expect(findDeepLink([...argv, 'privateconnect://keys'])).toBe('/keys')
  })
})
