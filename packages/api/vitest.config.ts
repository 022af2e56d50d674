import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: '@private-connect/api',
    globalSetup: ['./test/kit/global-setup.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
