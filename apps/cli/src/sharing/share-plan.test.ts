import { describe, expect, it } from 'vitest'
import { Failure } from '@private-connect/sharing'
import { planShare, type ShareFlags } from './share-plan.ts'

const plain: ShareFlags = { host: 'localhost', qr: true }
const plan = (flags: Partial<ShareFlags> = {}, port = '3000') =>
  planShare(port, { ...plain, ...flags }, 'myhost.lan')

function failureOf(act: () => unknown): Failure {
  try {
    act()
  } catch (cause) {
    if (cause instanceof Failure) return cause
    throw cause
  }
  throw new Error('It was accepted.')
}

describe('planShare', () => {
  it('asks for nothing that was not said: the hub has the defaults', () => {
    expect(plan()).toEqual({
      target: { host: 'localhost', port: 3000 },
      serviceName: 'myhost-3000',
      isHttps: false,
      share: { name: 'myhost-3000' },
    })
  })

  it('maps every option to its field', () => {
    const flags = {
      name: 'Demo for Ada',
      description: 'Q1',
      expires: '7d',
      path: ['/api/*', '/health'],
      method: ['get,post', 'PUT'],
      rate: '100',
      host: '192.168.1.5',
      https: true,
      serviceName: 'demo',
    }
    expect(plan(flags)).toEqual({
      target: { host: '192.168.1.5', port: 3000 },
      serviceName: 'demo',
      isHttps: true,
      share: {
        name: 'Demo for Ada',
        description: 'Q1',
        expiresIn: '7d',
        allowedPaths: ['/api/*', '/health'],
        allowedMethods: ['GET', 'POST', 'PUT'],
        rateLimitPerMin: 100,
      },
    })
  })

  it.each([
    ['The port', {}, '0'],
    ['The port', {}, '65536'],
    ['The port', {}, '3000x'],
    ['The port', {}, '-1'],
    ['The port', {}, '3e3'],
    ['--host', { host: 'http://localhost' }, '3000'],
    ['--host', { host: 'localhost:3000' }, '3000'],
    ['--expires', { expires: '2h' }, '3000'],
    ['--path', { path: ['api'] }, '3000'],
    ['--path', { path: ['/a/../b'] }, '3000'],
    ['--method', { method: ['TRACE'] }, '3000'],
    ['--method', { method: [''] }, '3000'],
    ['--rate', { rate: '0' }, '3000'],
    ['--rate', { rate: '1001' }, '3000'],
    ['--rate', { rate: 'ten' }, '3000'],
    ['--rate', { rate: '1.5' }, '3000'],
    ['--name', { name: ' ' }, '3000'],
    ['--name', { name: 'a\u001B[2Jb' }, '3000'],
    ['--service-name', { serviceName: 'my app' }, '3000'],
  ])('refuses a bad value in words that name %s: %j', (name, flags, port) => {
    const failure = failureOf(() => plan(flags, port))
    expect(failure.kind).toBe('usage')
    expect(failure.message.startsWith(`${name}: `)).toBe(true)
    expect(failure.message).not.toMatch(/Invalid input|NaN/)
  })

  it('names every problem at once', () => {
    const failure = failureOf(() => plan({ expires: 'soon', rate: '0' }))
    expect(failure.message.split('\n')).toHaveLength(2)
  })
})
