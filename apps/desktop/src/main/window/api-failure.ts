const failures = {
  signedOut: { status: 401, code: 'auth.required', sentence: 'This computer is not signed in to its hub.' },
  notFound: { status: 404, code: 'route.not_found', sentence: 'The window asked for what no hub has.' },
  tooLarge: { status: 413, code: 'request.too_large', sentence: 'That is more than a hub takes at once.' },
  notAHub: { status: 502, code: null, sentence: 'What answers at the hub’s address is no hub.' },
  hubAway: { status: 502, code: null, sentence: 'The hub does not answer.' },
} as const

export type ApiFailure = keyof typeof failures

/** A failure before the hub, in the hub's own form, so that the screens tell it like any other. `code` is null where another try may help. */
export function answerFailure(failure: ApiFailure, hubUrl?: string): Response {
  const { status, code, sentence } = failures[failure]
  const message = hubUrl === undefined ? sentence : `${sentence.slice(0, -1)} at ${hubUrl}. Is it running?`
  const data = { code, message, statusCode: status, httpStatus: status }
  const error = { json: { message, code: -32_603, data } }
  return Response.json(
    { error },
    { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } },
  )
}
