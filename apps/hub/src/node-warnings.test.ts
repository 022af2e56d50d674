import { describe, expect, it } from 'vitest'
import { findNodeWarning } from './node-warnings.ts'

// Guarantee (SUP-01): a hub on a Node with the Brotli flaw says so in its log and in /health.
describe('findNodeWarning', () => {
  it.each(['v22.23.3', 'v24.21.0', 'v24.22.0', '26.12.0', 'v25.9.0', 'v23.1.0'])('warns on %s', (version) => {
    expect(findNodeWarning(version)).toMatchObject({ flag: 'node_brotli_decoder' })
    expect(findNodeWarning(version)?.message).toContain(version)
  })
  it.each(['v22.23.4', 'v22.24.0', 'v24.22.1', 'v26.12.1', 'v27.0.0'])('says nothing on %s', (version) => {
    expect(findNodeWarning(version)).toBeUndefined()
  })
})
