import { AppError } from '@private-connect/errors'
import type { FastifyInstance, HTTPMethods } from 'fastify'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const satisfies HTTPMethods[]

/** Notes every address and what it takes. Call it before the first route is added. */
export function collectRoutes(app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const routes = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const taken = routes.get(url) ?? new Set()
    for (const one of [method].flat()) taken.add(one)
    routes.set(url, taken)
  })
  return routes
}

/**
 * Answers 405 with `Allow` where an address is known and takes another method; without this it would be 404. Call it
 * after the last route.
 */
export function addWrongMethods(
  app: FastifyInstance,
  routes: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const [url, taken] of routes) {
    // A plugin's own tree: it declares each address in both spellings.
    if (url.startsWith('/docs') || url.includes('*')) continue
    const others = methods.filter((method) => !taken.has(method))
    if (others.length === 0) continue
    const allow = methods.filter((method) => taken.has(method)).join(', ')
    const refuse = async (): Promise<never> => {
      throw new AppError('route.method_not_allowed', undefined, { headers: { allow } })
    }
    // Before the body is looked at: what is wrong with it does not matter here.
    app.route({ method: others, url, onRequest: refuse, handler: refuse })
  }
}
