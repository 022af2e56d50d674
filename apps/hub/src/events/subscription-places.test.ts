import { expect, it } from 'vitest'
import { SubscriptionPlaces } from './subscription-places.ts'

const limits = { perCredentialMax: 2, perWorkspaceMax: 3 }
const limitReached = (message: string) => expect.objectContaining({ code: 'subscription.limit', message })
const ofCredential = limitReached('This key or session has as many subscriptions open as it may have.')
const ofWorkspace = limitReached('This workspace has as many subscriptions open as it may have.')

// Guarantee: neither one credential nor all of a workspace together take more than their limits, and what is left is free again.
it('counts places by credential and by workspace', () => {
  const places = new SubscriptionPlaces(limits)
  const take = (id: string, workspaceId = 'ws_1') => places.take({ id, workspaceId })
  const leaves = [take('key_1'), take('key_1')]
  expect(() => take('key_1')).toThrow(ofCredential)
  leaves.push(take('key_2'))
  expect(() => take('key_2')).toThrow(ofWorkspace)
  expect(() => take('key_3')).toThrow(ofWorkspace)
  const other = take('key_4', 'ws_2')
  // Leaving twice frees one place only.
  leaves[0]?.()
  leaves[0]?.()
  leaves[0] = take('key_3')
  expect(() => take('key_3')).toThrow(ofWorkspace)
  other()
  for (const leave of leaves) leave()
  expect([take('key_2'), take('key_2'), take('key_1')]).toHaveLength(3)
})
