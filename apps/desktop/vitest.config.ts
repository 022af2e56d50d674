import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'desktop',
    globalSetup: ['./test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
  },
})
