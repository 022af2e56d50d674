// A Socket.IO chat: long polling first, then a WebSocket, one room.
import { createServer } from 'node:http'
import express from 'express'
import { Server } from 'socket.io'

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Chat</title></head>
  <body>
    <h1>Chat</h1>
    <ul id="messages"></ul>
    <form><label>Message <input id="text" autocomplete="off" /></label><button>Send</button></form>
    <p>Transport: <output id="transport">none</output></p>
    <script src="socket.io/socket.io.js"></script>
    <script>
      // The folder of the page, so that the app works below a path too.
      const socket = io({ path: location.pathname + 'socket.io/' })
      const show = (name) => (document.getElementById('transport').value = name)
      socket.on('connect', () => {
        show(socket.io.engine.transport.name)
        socket.io.engine.on('upgrade', (transport) => show(transport.name))
      })
      socket.on('message', (text) => {
        const line = document.createElement('li')
        line.textContent = text
        document.getElementById('messages').append(line)
      })
      document.querySelector('form').addEventListener('submit', (event) => {
        event.preventDefault()
        socket.emit('message', document.getElementById('text').value)
      })
    </script>
  </body>
</html>`

const app = express()
const server = createServer(app)
// Socket.IO refuses other origins than those it is told of: the sandboxed form's page has the origin "null".
const io = new Server(server, { cors: { origin: 'null' } })
io.on('connection', (socket) => {
  socket.on('message', (text) => io.emit('message', String(text).slice(0, 200)))
})
app.get('/', (_request, response) => response.send(page))

server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`ready on ${server.address().port}\n`)
})
