// A file upload app: multer keeps files on the disk, the page shows progress and the checksum, files come back by range.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import multer from 'multer'

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Upload</title></head>
  <body>
    <h1>Upload</h1>
    <form method="post" action="files" enctype="multipart/form-data">
      <label>File <input type="file" name="file" /></label><button>Send</button>
    </form>
    <progress max="1" value="0"></progress>
    <output id="result"></output>
    <script>
      document.querySelector('form').addEventListener('submit', (event) => {
        event.preventDefault()
        const request = new XMLHttpRequest()
        request.open('POST', 'files')
        request.upload.onprogress = ({ loaded, total }) => (document.querySelector('progress').value = loaded / total)
        request.onload = () => (document.getElementById('result').value = request.responseText)
        // Progress takes a preflight wherever the page has another origin; the plain form does not.
        request.onerror = () => event.target.submit()
        request.send(new FormData(event.target))
      })
    </script>
  </body>
</html>`

const folder = await mkdtemp(join(tmpdir(), 'test-bed-upload-'))
const app = express()
const upload = multer({ dest: folder })
app.get('/', (_request, response) => response.send(page))
app.post('/files', upload.single('file'), async (request, response) => {
  const { filename: id, path, size } = request.file
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  response.json({ id, size, sha256: hash.digest('hex') })
})
app.use('/files', express.static(folder, { index: false }))

const server = createServer(app).listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`ready on ${server.address().port}\n`)
})
