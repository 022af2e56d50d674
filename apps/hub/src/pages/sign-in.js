const element = (id) => document.getElementById(id)
const sections = ['ask', 'done', 'nothing']
const token = location.hash.slice(1)
// The token must not stay in the address bar, the history or a bookmark.
history.replaceState(null, '', location.pathname)

function show(name) {
  for (const section of sections) element(section).hidden = section !== name
}

function report(message) {
  element('problem').textContent = message
  element('problem').hidden = message === ''
}

async function call(path, options) {
  const response = await fetch(path, { credentials: 'same-origin', ...options })
  const body = await response.json()
  if (!response.ok) throw Object.assign(new Error(body.message), { status: response.status })
  return body
}

/** Runs an action for a button: no second click while it runs, and failures in words. */
function onClick(id, action) {
  element(id).addEventListener('click', async () => {
    element(id).disabled = true
    report('')
    try {
      await action()
    } catch (error) {
      report(error.status === undefined ? 'The hub does not answer. Is it still running?' : error.message)
    } finally {
      element(id).disabled = false
    }
  })
}

function showSignedIn({ user, workspace }) {
  element('workspace').textContent = workspace.name
  element('email').textContent = user.email
  show('done')
}

onClick('sign-in', async () => {
  try {
    showSignedIn(await call(`/v1/auth/verify?token=${encodeURIComponent(token)}`))
  } catch (error) {
    if (error.status !== 401 && error.status !== 400) throw error
    show('nothing')
  }
})

onClick('create-key', async () => {
  const { key } = await call('/v1/api-keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'command-line' }),
  })
  const hub = location.port === '7300' ? '' : `PRIVATE_CONNECT_HUB=${location.origin} `
  element('command').textContent = `${hub}PRIVATE_CONNECT_API_KEY=${key} npx private-connect share 3000`
  element('key').hidden = false
  element('create-key').hidden = true
})

onClick('copy', async () => {
  await navigator.clipboard.writeText(element('command').textContent)
  element('copy').textContent = 'Copied'
})

// Already signed in on this browser? Then the link is not needed.
if (token === '') call('/v1/auth/me').then(showSignedIn, () => show('nothing'))
else show('ask')
