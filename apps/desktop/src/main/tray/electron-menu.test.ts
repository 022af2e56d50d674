import { describe, expect, it, vi } from 'vitest'
import { toElectronMenu } from './electron-menu.ts'

describe('toElectronMenu', () => {
  it('escapes names, and disables what does nothing', () => {
    const run = vi.fn()
    const items = toElectronMenu(
      [
        { text: 'R&D_api' },
        'separator',
        { text: 'Quit', action: { kind: 'quit' } },
        { text: 'On', isChecked: true, isEnabled: false, action: { kind: 'notify', isOn: false } },
        { text: 'More', entries: [{ text: 'Inner', action: { kind: 'open', path: '/' } }] },
      ],
      run,
    )
    expect(items).toEqual([
      { label: 'R&&D_api', enabled: false },
      { type: 'separator' },
      { label: 'Quit', enabled: true, click: expect.any(Function) },
      { label: 'On', enabled: false, type: 'checkbox', checked: true, click: expect.any(Function) },
      {
        label: 'More',
        enabled: true,
        submenu: [{ label: 'Inner', enabled: true, click: expect.any(Function) }],
      },
    ])
    const click = items[2]?.click as (() => void) | undefined
    click?.()
    expect(run.mock.calls).toEqual([[{ kind: 'quit' }]])
  })
})
