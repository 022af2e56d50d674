// An Express app as tutorials write it: a session cookie, a form, a redirect, a check of Origin, a preflight.
import { createServer } from 'node:http'
import express from 'express'
import session from 'express-session'

const app = express()
app.use(express.urlencoded({ extended: false }), express.json())
app.use(
  session({
    secret: 'test bed',
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', path: '/' },
  }),
)

const page = (title, body) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><main>${body}</main></body></html>`

app.get('/', (request, response) => {
  const { name, visits = 0 } = request.session
  response.send(
    name === undefined
      ? page(
          'Sign in',
          '<h1>Sign in</h1><form method="post" action="login"><label>Name <input name="name"></label><button>Sign in</button></form>',
        )
      : page(
          'Notes',
          `<h1>Hello ${name}</h1><p>Visit ${visits}</p><form method="post" action="logout"><button>Sign out</button></form>`,
        ),
  )
})

// As frameworks guard their forms: a write from another origin is refused.
app.use((request, response, next) => {
  const { origin, host } = request.headers
  const isOther = origin !== undefined && origin !== `http://${host}`
  if (request.method === 'POST' && isOther)
    response.status(403).send(`Origin ${origin} is not http://${host}`)
  else next()
})

app.post('/login', (request, response) => {
  request.session.name = String(request.body.name)
  request.session.visits = 1
  // Absolute, with the host that the app believes in.
  response.redirect(`http://${request.headers.host}/`)
})

app.post('/logout', (request, response) => {
  request.session.destroy(() => response.redirect('/'))
})

app.get('/two-cookies', (_request, response) => {
  response.cookie('theme', 'dark', { domain: 'localhost', path: '/' }).cookie('lang', 'en').json({ ok: true })
})

app.options('/api/notes', (request, response) => {
  response.set({
    'access-control-allow-origin': request.headers.origin ?? '*',
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'x-note',
    'access-control-allow-credentials': 'true',
  })
  response.sendStatus(204)
})

app.put('/api/notes', (request, response) => {
  response.set({ 'access-control-allow-origin': request.headers.origin ?? '*' })
  response.json({ note: request.headers['x-note'] ?? null, name: request.session.name ?? null })
})

const server = createServer(app).listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`ready on ${server.address().port}\n`)
})
