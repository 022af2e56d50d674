import fastifyStatic from '@fastify/static'
import { dashboardFolder } from '@private-connect/ui/dashboard'
import type { FastifyInstance } from 'fastify'

const yearS = 31_536_000

/** The dashboard at the hub's root, as it was built. Its files are named by their content, the page itself is always asked for. */
export async function addDashboard(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: dashboardFolder,
    serve: false,
    cacheControl: false,
    index: false,
  })
  app.get('/', async (_request, reply) => reply.header('cache-control', 'no-store').sendFile('index.html'))
  app.get<{ Params: { '*': string } }>('/dashboard/*', async (request, reply) =>
    reply
      .header('cache-control', `public, max-age=${yearS}, immutable`)
      .sendFile(`dashboard/${request.params['*']}`),
  )
}
