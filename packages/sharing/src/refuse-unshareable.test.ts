import { describe, expect, it } from 'vitest'
import { refuseUnshareable } from './refuse-unshareable.ts'

/** A hub that is shared by itself would give everybody with the link what only this machine may ask of it. */
const refuse = async (host: string, port: number, hubUrl = 'http://127.0.0.1:7300') =>
  refuseUnshareable({ host, port }, { hubUrl, isForced: true, startHint: 'Start it.', hostHint: 'Check it.' })

describe('the hub itself', () => {
  it.each(['127.0.0.1', 'localhost', '::1', '127.0.0.2', 'hub.localhost'])(
    'is not shared as %s, not even by force',
    async (host) => {
      await expect(refuse(host, 7300)).rejects.toThrow('is the hub itself')
    },
  )

  it('is known by its usual port too', async () => {
    await expect(refuse('127.0.0.1', 80, 'http://localhost')).rejects.toThrow('is the hub itself')
    await expect(refuse('127.0.0.1', 443, 'https://localhost')).rejects.toThrow('is the hub itself')
  })

  it.each([
    ['127.0.0.1', 7301, 'http://127.0.0.1:7300'],
    ['192.0.2.1', 7300, 'http://127.0.0.1:7300'],
    ['127.0.0.1', 443, 'https://hub.example.com'],
  ])('is not taken for %s:%i of %s', async (host, port, hubUrl) => {
    expect(await refuse(host, port, hubUrl)).toBeUndefined()
  })
})
