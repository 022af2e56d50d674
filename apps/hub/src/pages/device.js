import { call, post, wordsOf } from './call-hub.js'

const element = (id) => document.getElementById(id)
const sections = ['enter', 'ask', 'approved', 'denied']
// In the fragment as devices give it; in the query when the visitor had to sign in on the way here.
const given = location.hash.slice(1) || (new URLSearchParams(location.search).get('code') ?? '')
history.replaceState(null, '', location.pathname)
let userCode = ''

function show(name) {
  for (const section of sections) element(section).hidden = section !== name
  const heading = element(name).querySelector('h1')
  document.title = `${heading.textContent} · Private Connect`
  heading.focus()
}

/** Runs an action for a button or a form: no second one while it runs, and failures in words. */
async function run(button, action) {
  element('problem').hidden = true
  button.disabled = true
  try {
    await action()
  } catch (error) {
    element('problem').textContent = wordsOf(error)
    element('problem').hidden = false
  }
  button.disabled = false
}

/** Asks who shows the code; deciding takes a second call. */
async function look(text) {
  const { device } = await post('/v1/device/verify', { userCode: text })
  const letters = text.toUpperCase().replaceAll(/[\s-]/g, '')
  userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`
  element('shown-code').textContent = userCode
  element('client').textContent = device.clientName
  element('address').textContent = device.ipAddress ?? 'an unknown address'
  element('asked').textContent = new Date(device.createdAt).toLocaleTimeString()
  show('ask')
}

async function decide(decision) {
  await post('/v1/device/verify', { userCode, decision })
  show(decision === 'approve' ? 'approved' : 'denied')
}

element('code-form').addEventListener('submit', (event) => {
  event.preventDefault()
  void run(element('code-form').querySelector('button'), () => look(element('code').value))
})
element('approve').addEventListener('click', () => run(element('approve'), () => decide('approve')))
element('deny').addEventListener('click', () => run(element('deny'), () => decide('deny')))

// Another code's link, opened in this very tab, changes the fragment only.
addEventListener('hashchange', () => location.reload())

function signInFirst() {
  const back = given === '' ? '/device' : `/device?code=${encodeURIComponent(given)}`
  location.replace(`/signin?redirect=${encodeURIComponent(back)}`)
}

async function start() {
  const { user, workspace } = await call('/v1/auth/me')
  element('email').textContent = user.email
  element('workspace').textContent = workspace.name
  element('code').value = given
  if (given === '') return show('enter')
  return look(given).catch((error) => {
    show('enter')
    throw error
  })
}

await run(element('approve'), () =>
  start().catch((error) => {
    if (error.status !== 401) throw error
    signInFirst()
  }),
)
