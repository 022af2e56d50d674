import { describe, expect, it, vi } from 'vitest'
import type { MenuAction } from './menu-entry.ts'
import { performAction } from './perform-action.ts'

function recordCalls() {
  const calls: unknown[][] = []
  const record =
    (name: string) =>
    (...args: unknown[]): never => {
      calls.push([name, ...args])
      return undefined as never
    }
  const desktop = {
    sharePort: record('sharePort'),
    copyLink: record('copyLink'),
    openLink: record('openLink'),
    revokeShare: record('revokeShare'),
    extendShare: record('extendShare'),
    changeSettings: record('changeSettings'),
    snooze: record('snooze'),
  }
  const ports = {
    desktop,
    openWindow: record('openWindow'),
    quit: record('quit'),
    nowMs: () => new Date(2026, 10, 18, 22).getTime(),
  }
  return { calls, ports }
}

describe('performAction', () => {
  it.each<[MenuAction, unknown[]]>([
    [{ kind: 'share-port', port: 5173, host: '::1' }, ['sharePort', { port: 5173, host: '::1' }]],
    [{ kind: 'open', path: '/share' }, ['openWindow', '/share']],
    [{ kind: 'copy-link', shareId: 's' }, ['copyLink', 's']],
    [{ kind: 'open-link', shareId: 's' }, ['openLink', 's']],
    [{ kind: 'revoke', shareId: 's' }, ['revokeShare', 's']],
    [{ kind: 'extend', shareId: 's', by: '7d' }, ['extendShare', 's', '7d']],
    [{ kind: 'notify', isOn: false }, ['changeSettings', { notifies: false }]],
    [{ kind: 'snooze', until: 'hour' }, ['snooze', 60]],
    [{ kind: 'snooze', until: 'tomorrow' }, ['snooze', 600]],
    [{ kind: 'snooze', until: 'now' }, ['snooze', null]],
    [{ kind: 'quit' }, ['quit']],
  ])('%j', async (action, call) => {
    const { calls, ports } = recordCalls()
    await performAction(ports, action)
    expect(calls).toEqual([call])
  })

  it('passes a failure on', async () => {
    const { ports } = recordCalls()
    const copyLink = vi.fn(() => {
      throw new Error('no link')
    })
    await expect(
      performAction(
        { ...ports, desktop: { ...ports.desktop, copyLink } },
        { kind: 'copy-link', shareId: 's' },
      ),
    ).rejects.toThrow('no link')
  })
})
