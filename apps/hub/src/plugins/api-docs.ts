import swaggerUi from '@fastify/swagger-ui'
import { createOpenApiDocument } from '@private-connect/api'
import type { FastifyInstance } from 'fastify'
import { hubVersion } from '../version.ts'

/** The OpenAPI document at /openapi.json and a reference to browse at /docs. */
export async function addApiDocs(app: FastifyInstance, hubUrl: string): Promise<void> {
  const document = createOpenApiDocument({ serverUrl: hubUrl, version: hubVersion })
  app.get('/openapi.json', async () => document)
  // The page reads the document through this decorator, which @fastify/swagger would otherwise provide.
  app.decorate('swagger', () => document)
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true },
  })
}
