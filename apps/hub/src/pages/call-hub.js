/** One call of the API as the signed-in visitor of this page; a refusal is an Error with the hub's sentence. */
export async function call(path, options) {
  const response = await fetch(path, { credentials: 'same-origin', ...options })
  const body = await response.json()
  if (!response.ok) throw Object.assign(new Error(body.message), { status: response.status })
  return body
}

export const post = (path, body) =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** What went wrong, for a person. */
export const wordsOf = (error) =>
  error.status === undefined ? 'The hub does not answer. Is it still running?' : error.message
