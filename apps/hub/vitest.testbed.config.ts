import { defineConfig } from 'vitest/config'

// `npm run testbed`: projects that are heavy to install, each from its own lockfile.
export default defineConfig({
  test: {
    name: 'test bed',
    include: ['test/testbed/**/*.bed.ts'],
    testTimeout: 180_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
})
