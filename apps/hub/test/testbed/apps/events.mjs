// Server-sent events with ids, and an answer that is streamed word by word as a language model's is. Both wait for the
// test to say what comes next, on a path of its own: nothing here depends on time.
import { createServer } from 'node:http'
import express from 'express'

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Live</title></head>
  <body>
    <h1>Live</h1>
    <ul id="events"></ul>
    <button>Ask</button>
    <p id="answer"></p>
    <script>
      const source = new EventSource('events')
      source.onmessage = ({ data, lastEventId }) => {
        const line = document.createElement('li')
        line.textContent = lastEventId + ' ' + data
        document.getElementById('events').append(line)
      }
      document.querySelector('button').addEventListener('click', async () => {
        const response = await fetch('answers', { method: 'POST', body: 'Why is the sky blue?' })
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
        for (let part = await reader.read(); !part.done; part = await reader.read())
          document.getElementById('answer').textContent += part.value
        document.getElementById('answer').textContent += ' (end)'
      })
    </script>
  </body>
</html>`

const app = express()
const listeners = new Set()
const history = []
const answers = new Set()

app.get('/', (_request, response) => response.send(page))

app.get('/events', (request, response) => {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'access-control-allow-origin': '*',
  })
  const last = Number(request.headers['last-event-id'] ?? 0)
  response.write('retry: 100\n\n')
  for (const event of history.slice(last)) response.write(event)
  listeners.add(response)
  response.on('close', () => listeners.delete(response))
})

app.post('/answers', (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'access-control-allow-origin': '*' })
  response.flushHeaders()
  answers.add(response)
  response.on('close', () => answers.delete(response))
})

// What the test says.
app.post('/_say/:text', (request, response) => {
  const event = `id: ${history.length + 1}\ndata: ${request.params.text}\n\n`
  history.push(event)
  for (const listener of listeners) listener.write(event)
  response.json({ listeners: listeners.size })
})
app.post('/_drop', (_request, response) => {
  for (const listener of listeners) listener.destroy()
  response.json({})
})
app.post('/_word/:text', (request, response) => {
  for (const answer of answers) answer.write(request.params.text)
  response.json({ answers: answers.size })
})
app.post('/_end', (_request, response) => {
  for (const answer of answers) answer.end()
  response.json({})
})

const server = createServer(app).listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`ready on ${server.address().port}\n`)
})
