import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'bench', { test: { name: 'tools', include: ['tools/*.test.ts'] } }],
    reporters: ['default'],
  },
})
