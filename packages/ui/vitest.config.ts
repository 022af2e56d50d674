import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { name: '@private-connect/ui', include: ['src/**/*.test.ts'] } })
