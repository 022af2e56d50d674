import { createAnswerChecker, findTrpcFault } from '@private-connect/api/testing'

// A setup file of every hub test: whatever answer of the REST API a test gets by fetch is compared with the OpenAPI
// document, and one of tRPC with the same contract; one that differs fails the test that asked.
const findFault = createAnswerChecker()
const fetchAsIs = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const response = await fetchAsIs(input, init)
  const { pathname } = new URL(response.url)
  if (!isOfTheHub(response)) return response
  if (pathname.startsWith('/trpc/')) return checkTrpc(response, pathname)
  const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
  if (pathname.startsWith('/v1/') && method !== 'HEAD') await checkRest(response, method, pathname)
  return response
}

async function checkRest(response: Response, method: string, path: string): Promise<void> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  // Of a download the beginning is enough: it may have no end while the test reads it.
  const body: unknown = isJson ? await response.clone().json() : ''
  const fault = findFault({ method, path, status: response.status, body })
  if (fault !== null) throw new Error(fault)
}

/** A batch has one answer for each of its calls, in their order. */
async function checkTrpc(response: Response, pathname: string): Promise<Response> {
  // A subscription has no end to wait for; its refusal is an event too.
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) return response
  const body: unknown = await response.clone().json()
  const bodies: readonly unknown[] = Array.isArray(body) ? body : [body]
  const procedures = decodeURIComponent(pathname.slice('/trpc/'.length)).split(',')
  for (const [at, procedure] of procedures.entries()) {
    const fault = findTrpcFault({ procedure, body: bodies[at] })
    if (fault !== null) throw new Error(fault)
  }
  return response
}

/** Only the hub's own answers name their request; a shared app's pass through untouched. */
function isOfTheHub({ headers }: Response): boolean {
  return headers.get('x-request-id')?.startsWith('req_') === true
}
