import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['./test/global-setup.ts'],
    // Ten times what real servers take here alone: other projects' servers start beside them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
