import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'bench', { test: { name: 'tools', include: ['tools/*.test.ts'] } }],
    // Two cores: real servers and browsers run beside the tests, more workers only make them wait.
    maxWorkers: 2,
    reporters: ['default'],
  },
})
