import { call, post, wordsOf } from './call-hub.js'

const element = (id) => document.getElementById(id)
const sections = ['wait', 'login', 'register', 'sent', 'ask', 'done', 'nothing']
const token = location.hash.slice(1)
/** What the command line asks where it is told of no other. */
const isUsualHub = ['http://127.0.0.1:7300', 'http://localhost:7300'].includes(location.origin)
const next = readRedirect(new URLSearchParams(location.search).get('redirect'))
// The token must not stay in the address bar, the history or a bookmark.
history.replaceState(null, '', location.pathname + location.search)

/** Where to go after the sign-in: a path on this hub. `//host` and `/\host` would be other sites. */
function readRedirect(path) {
  if (path === null || !/^\/(?![/\\])[\w.~!$'()*+,;:@/?&=%-]*$/.test(path)) return undefined
  return new URL(path, location.origin).origin === location.origin ? path : undefined
}

function show(name) {
  for (const section of sections) element(section).hidden = section !== name
  document.title = `${element(name).querySelector('h1')?.textContent ?? 'Sign in'} · Private Connect`
  // For a screen reader the new section is where one is now.
  element(name).querySelector('h1')?.focus()
}

function report(message) {
  element('problem').textContent = message
  element('problem').hidden = message === ''
}

/** Failures in words; a link that is no good has a section of its own. */
async function tell(action) {
  report('')
  try {
    await action()
  } catch (error) {
    report(wordsOf(error))
  }
}

/** Runs an action for a button or a form: no second one while it runs. */
function on(id, event, action) {
  const target = element(id)
  const button = target.querySelector('button') ?? target
  target.addEventListener(event, async (happened) => {
    happened.preventDefault()
    button.disabled = true
    await tell(action)
    button.disabled = false
  })
}

function showSignedIn({ user, workspace }) {
  if (next !== undefined) return location.replace(next)
  element('workspace').textContent = workspace.name
  element('email').textContent = user?.email ?? ''
  const hub = isUsualHub ? '' : ` --hub ${location.origin}`
  element('commands').textContent = `npx private-connect login${hub}\nnpx private-connect share 3000${hub}`
  return show('done')
}

/** Runs what needs the link, and says so when it is no link any more. */
async function withLink(action) {
  try {
    await action()
  } catch (error) {
    if (error.status !== 401 && error.status !== 400) throw error
    show('nothing')
  }
}

const signIn = () =>
  withLink(async () => showSignedIn(await call(`/v1/auth/verify?token=${encodeURIComponent(token)}`)))

/** In the browser that asked for the link one is in at once; anywhere else a person looks at the account and agrees. */
const openLink = () =>
  withLink(async () => {
    const { email, isNewAccount, isSameBrowser } = await post('/v1/auth/link', { token })
    if (isSameBrowser) return signIn()
    element('account').textContent = email
    element('ask-new').hidden = !isNewAccount
    element('ask-known').hidden = isNewAccount
    return show('ask')
  })

async function askForLink(name) {
  const fields = Object.fromEntries(new FormData(element(`${name}-form`)))
  await post(`/v1/auth/${name}`, { ...fields, redirect: next })
  for (const place of document.querySelectorAll('.address')) place.textContent = fields.email
  element('sent-login').hidden = name !== 'login'
  element('sent-register').hidden = name !== 'register'
  show('sent')
}

const formOfPage = location.pathname === '/register' ? 'register' : 'login'
for (const id of ['to-register', 'to-login', 'new-link']) {
  if (next !== undefined) element(id).search = `redirect=${encodeURIComponent(next)}`
}

on('login-form', 'submit', () => askForLink('login'))
on('register-form', 'submit', () => askForLink('register'))
on('again', 'click', () => show(formOfPage))
on('sign-in', 'click', signIn)

on('create-key', 'click', async () => {
  const { key } = await post('/v1/api-keys', { name: 'command-line' })
  const hub = isUsualHub ? '' : `PRIVATE_CONNECT_HUB=${location.origin} `
  element('command').textContent = `${hub}PRIVATE_CONNECT_API_KEY=${key} npx private-connect share 3000`
  element('key').hidden = false
  element('create-key').hidden = true
})

/** A button that copies what an element shows. */
const copies = (button, from) =>
  on(button, 'click', async () => {
    await navigator.clipboard.writeText(element(from).textContent)
    element(button).textContent = 'Copied'
  })
copies('copy-commands', 'commands')
copies('copy', 'command')

on('sign-out', 'click', async () => {
  await call('/v1/auth/logout', { method: 'POST' })
  location.replace('/signin')
})

/** The token is gone from the address bar, so a reload could not try again: this does. */
async function start() {
  element('retry').hidden = true
  element('moment').hidden = false
  await tell(openLink)
  element('moment').hidden = true
  element('retry').hidden = false
}

on('retry', 'click', start)

show('wait')
if (token !== '') await start()
// Already signed in on this browser? Then no link is needed.
else await call('/v1/auth/me').then(showSignedIn, () => show(formOfPage))
