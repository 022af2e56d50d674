import { createAnswerChecker } from '@private-connect/api/testing'

// A setup file of every hub test: whatever answer of the REST API a test gets by fetch is compared with the OpenAPI
// document, and one that differs fails the test that asked.
const findFault = createAnswerChecker()
const fetchAsIs = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const response = await fetchAsIs(input, init)
  const { pathname } = new URL(response.url)
  if (!pathname.startsWith('/v1/') || !isOfTheHub(response)) return response
  const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
  if (method === 'HEAD') return response
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  // Of a download the beginning is enough: it may have no end while the test reads it.
  const body: unknown = isJson ? await response.clone().json() : ''
  const fault = findFault({ method, path: pathname, status: response.status, body })
  if (fault !== null) throw new Error(fault)
  return response
}

/** Only the hub's own answers name their request; a shared app's pass through untouched. */
function isOfTheHub({ headers }: Response): boolean {
  return headers.get('x-request-id')?.startsWith('req_') === true
}
