import type { DesktopState } from '@private-connect/ui/desktop'
import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../storage/settings-file.ts'
import { signedOut } from './signed-out.ts'
import { createStateStore } from './state-store.ts'

const initial: DesktopState = {
  ...signedOut(),
  settings: defaultSettings,
  secretStorage: 'keyring',
  hasKeyring: true,
}

describe('the state', () => {
  it('is told to all who listen, where it has changed', () => {
    const store = createStateStore(initial)
    const heard: DesktopState[] = []
    const stop = store.subscribe((state) => void heard.push(state))
    store.update({ trouble: null })
    expect(heard).toEqual([])
    store.update({ trouble: 'No.' })
    expect(heard).toEqual([{ ...initial, trouble: 'No.' }])
    stop()
    store.update({ trouble: null })
    expect(heard).toHaveLength(1)
  })

  it('reaches every listener last as it is, also where one of them changes it', () => {
    const store = createStateStore(initial)
    const last: Array<string | null> = [null, null]
    store.subscribe((state) => {
      last[0] = state.trouble
      if (state.trouble === 'first') store.update({ trouble: 'second' })
    })
    store.subscribe((state) => (last[1] = state.trouble))
    store.update({ trouble: 'first' })
    expect(last).toEqual(['second', 'second'])
  })
})
