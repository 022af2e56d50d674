import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: '@private-connect/hub',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['./test/kit/check-answers.ts'],
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
