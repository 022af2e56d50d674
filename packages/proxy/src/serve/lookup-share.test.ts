// Guarantee (REV-01, SPEC §13.1): a grant that was asked for before a share was cut is not used after it: it is asked for
// again, as often as it is cut meanwhile; whoever has nothing to do with the cut waits for nothing.
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createShareLookup } from './lookup-share.ts'
import type { LookupGuard } from './policy/guess-limiter.ts'
import type { ServePorts } from './ports.ts'
import type { ShareGrant } from './share-grant.ts'

const grantOf = (id: string, serviceId = 'svc_1') => ({ id, service: { id: serviceId } }) as ShareGrant
const guard: LookupGuard = { admit: () => true, settle: () => undefined }

/** A store whose answers come when the test says so. */
function setUp() {
  const waiting: ((grant: ShareGrant | null) => void)[] = []
  const findShare = vi.fn<ServePorts['findShare']>(
    async () => new Promise((resolve) => waiting.push(resolve)),
  )
  const lookup = createShareLookup({ findShare })
  return {
    findShare,
    lookup,
    answer: async (grant: ShareGrant | null) => {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0), { interval: 1 })
      waiting.shift()?.(grant)
    },
  }
}

describe('a look-up', () => {
  it('of what is known at once is answered at once', () => {
    const grant = grantOf('share_1')
    const lookup = createShareLookup({ findShare: () => grant })
    lookup.noteCut('share_1')
    expect(lookup.find('t', guard)).toBe(grant)
  })

  it('that nothing crosses is answered by the first answer', async () => {
    const { findShare, lookup, answer } = setUp()
    const grant = grantOf('share_1')
    const found = lookup.find('t', guard)
    await answer(grant)
    expect(await found).toBe(grant)
    expect(findShare.mock.calls).toEqual([['t', guard]])
  })

  it.each([
    ['share', 'share_1'],
    ['service', 'svc_1'],
  ])('that a cut of its %s crosses is made again, without another guess', async (_, cut) => {
    const { findShare, lookup, answer } = setUp()
    const fresh = { ...grantOf('share_1'), isRevoked: true }
    const found = lookup.find('t', guard)
    lookup.noteCut(cut)
    await answer(grantOf('share_1'))
    await answer(fresh)
    expect(await found).toBe(fresh)
    expect(findShare.mock.calls).toEqual([['t', guard], ['t']])
  })

  it('is not made again for cuts of before, of others, or where there is no share', async () => {
    const { findShare, lookup, answer } = setUp()
    lookup.noteCut('share_1')
    const found = [lookup.find('t', guard), lookup.find('u', guard)]
    lookup.noteCut('share_2')
    await answer(grantOf('share_1'))
    await answer(null)
    expect([await found[0], await found[1]]).toEqual([grantOf('share_1'), null])
    expect(findShare).toHaveBeenCalledTimes(2)
  })

  it('that fails fails, and forgets the cuts that it waited through', async () => {
    const findShare = vi.fn<ServePorts['findShare']>().mockRejectedValueOnce(new Error('away'))
    const lookup = createShareLookup({ findShare })
    const found = lookup.find('t', guard)
    lookup.noteCut('share_1')
    await expect(found).rejects.toThrow('away')
    findShare.mockResolvedValue(grantOf('share_1'))
    expect(await lookup.find('t', guard)).toEqual(grantOf('share_1'))
    expect(findShare).toHaveBeenCalledTimes(2)
  })
})

it('never answers with a grant that is older than the last cut, in whatever order things happen', async () => {
  const step = fc.constantFrom('find', 'cut', 'answer', 'turn')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      let version = 0
      const waiting: { readonly version: number; readonly resolve: (grant: ShareGrant) => void }[] = []
      const findShare = async () => {
        const { promise, resolve } = Promise.withResolvers<ShareGrant>()
        waiting.push({ version, resolve })
        return promise
      }
      const lookup = createShareLookup({ findShare })
      const seen: Promise<void>[] = []
      const isFresh: boolean[] = []
      const run = {
        async find() {
          const found = lookup.find('t', guard) as Promise<ShareGrant>
          seen.push(found.then((grant) => void isFresh.push(Number(grant.name) === version)))
        },
        async cut() {
          version += 1
          lookup.noteCut('share_1')
        },
        async answer() {
          const next = waiting.shift()
          next?.resolve({ ...grantOf('share_1'), name: String(next.version) })
          for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
        },
        turn: async () => Promise.resolve(),
      }
      for (const name of steps) await run[name]()
      while (waiting.length > 0) await run.answer()
      await Promise.all(seen)
      expect(isFresh.every(Boolean)).toBe(true)
    }),
  )
})
