import swagger, { type StaticDocumentSpec } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { createOpenApiDocument } from '@private-connect/api'
import type { FastifyInstance } from 'fastify'
import { hubVersion } from '../version.ts'

/** The OpenAPI document at /openapi.json and a reference to browse at /docs. */
export async function addApiDocs(app: FastifyInstance, hubUrl: string): Promise<void> {
  const document = createOpenApiDocument({ serverUrl: hubUrl, version: hubVersion })
  app.get('/openapi.json', async () => document)
  await app.register(swagger, {
    mode: 'static',
    specification: { document: document as StaticDocumentSpec['document'] },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true },
  })
}
