import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: '@private-connect/proxy',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
