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
    // The page is all ours and sets styles from its scripts; scripts themselves stay limited to its own files.
    transformStaticCSP: () =>
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    theme: {
      title: 'Private Connect API',
      css: [{ filename: 'theme.css', content: '.topbar { display: none }' }],
    },
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true },
  })
}
