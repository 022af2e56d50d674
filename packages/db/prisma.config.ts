import { defineConfig } from 'prisma/config'

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only the authoring commands (`migrate diff`, see tools/prisma/README.md) connect; the hub migrates by itself.
  datasource: { url: 'postgresql://embedded/hub' },
})
