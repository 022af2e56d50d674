import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { name: '@private-connect/bench', include: ['src/**/*.test.ts'] } })
