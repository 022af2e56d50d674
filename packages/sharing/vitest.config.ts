import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { name: '@private-connect/sharing', include: ['src/**/*.test.ts'] },
})
