import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from './free-port.ts'
import { startNginx } from './nginx.ts'
import type { Processes } from './processes.ts'

export interface Upstream {
  readonly port: number
  /** The local file that is uploaded; it is the one at `paths.bulk`. */
  readonly bulkFile: string
  /** Frees the memory that uploads were written to. */
  remove(): void
}

/** What the upstream serves; sizes in bytes. */
export const upstreamPaths = {
  small: { path: '/small', bytes: 1024 },
  bulk: { path: '/bulk', bytes: 100_000_000 },
  huge: { path: '/huge', bytes: 1024 ** 3 },
  upload: { path: '/upload' },
} as const

/** The app behind every peer: nginx with files of random bytes, and a path that reads a whole upload before it answers. */
export async function startUpstream(processes: Processes, workDir: string): Promise<Upstream> {
  const port = await findFreePort()
  const filesDir = join(workDir, 'files')
  mkdirSync(filesDir, { recursive: true })
  for (const { path, bytes } of [upstreamPaths.small, upstreamPaths.bulk, upstreamPaths.huge]) {
    writeRandomFile(join(filesDir, path), bytes)
  }
  writeFileSync(join(filesDir, 'received'), 'received\n')
  const uploadDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : workDir, 'private-connect-bench-'))
  await startNginx(processes, {
    name: 'upstream',
    workDir,
    port,
    http: configure({ port, filesDir, uploadDir }),
  })
  return {
    port,
    bulkFile: join(filesDir, upstreamPaths.bulk.path),
    remove: () => rmSync(uploadDir, { recursive: true, force: true }),
  }
}

function configure({
  port,
  filesDir,
  uploadDir,
}: {
  port: number
  filesDir: string
  uploadDir: string
}): string {
  return `
  open_file_cache max=10 inactive=600s;
  upstream self { server 127.0.0.1:${port}; keepalive 8; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${filesDir};
    # nginx answers before it has read a body that nothing needs. Handing the request on to itself without the body
    # makes it read all of it first, into memory, as an app that takes uploads does.
    location = ${upstreamPaths.upload.path} {
      client_body_temp_path ${uploadDir};
      client_body_buffer_size 256k;
      client_body_in_file_only clean;
      proxy_method GET;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Connection "";
      proxy_http_version 1.1;
      proxy_pass http://self/received;
    }
  }`
}

/** Random, so that no compression anywhere makes a peer look fast. */
function writeRandomFile(file: string, bytes: number): void {
  const chunk = randomBytes(Math.min(bytes, 16 * 1024 * 1024))
  const fd = openSync(file, 'w')
  for (let left = bytes; left > 0;) left -= writeSync(fd, chunk, 0, Math.min(left, chunk.length))
  closeSync(fd)
}
