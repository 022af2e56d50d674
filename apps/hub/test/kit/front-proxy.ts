import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { vi } from 'vitest'
import { issueCertificate, type IssuedCertificate } from './authority.ts'
import { makeTemporaryFolder, repositoryRoot } from './processes.ts'

export interface FrontProxy extends IssuedCertificate {
  /** Where it takes TLS, and plain HTTP. */
  readonly port: number
  readonly plainPort: number
  /** Everything that it has written to its logs. */
  readLogs(): string
  stop(): Promise<void>
}

export interface FrontProxyOptions {
  readonly hubPort: number
  readonly port: number
  readonly plainPort: number
  readonly hubHost?: string
  readonly shareDomain?: string
}

/** nginx with the configuration that docs/deploy ships, but for names, ports and paths. */
export async function startNginx(options: FrontProxyOptions): Promise<FrontProxy> {
  const { hubHost = 'hub.example.com', shareDomain = 'share.example.net', port, plainPort } = options
  const folder = makeTemporaryFolder()
  mkdirSync(join(folder.path, 'temp'))
  const issued = issueCertificate(folder.path, [hubHost, `*.${shareDomain}`])
  const site = replaceAll(readFileSync(join(repositoryRoot, 'docs/deploy/nginx.conf'), 'utf8'), [
    ['hub.example.com', hubHost],
    ['share.example.net', shareDomain],
    ['127.0.0.1:7300', `127.0.0.1:${options.hubPort}`],
    ['listen 443', `listen 127.0.0.1:${port}`],
    ['listen 80;', `listen 127.0.0.1:${plainPort};`],
    ['/etc/ssl/private-connect/fullchain.pem', issued.certificateFile],
    ['/etc/ssl/private-connect/privkey.pem', issued.keyFile],
    ['/var/log/nginx/', `${folder.path}/`],
  ])
  writeFileSync(join(folder.path, 'site.conf'), site)
  writeFileSync(join(folder.path, 'nginx.conf'), mainConfiguration(folder.path))
  const args = [
    '-p',
    folder.path,
    '-c',
    join(folder.path, 'nginx.conf'),
    '-e',
    join(folder.path, 'start.log'),
  ]
  const child = spawn('/usr/sbin/nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  return supervise(child, { ...issued, port, plainPort, folder })
}

/** haproxy on one TLS port, for what another proxy makes of the same bytes. It shares connections to the hub. */
export async function startHaproxy(options: FrontProxyOptions): Promise<FrontProxy> {
  const { hubHost = 'hub.example.com', shareDomain = 'share.example.net', port, plainPort } = options
  const folder = makeTemporaryFolder()
  const issued = issueCertificate(folder.path, [hubHost, `*.${shareDomain}`])
  const bundle = join(folder.path, 'bundle.pem')
  writeFileSync(bundle, readFileSync(issued.certificateFile, 'utf8') + readFileSync(issued.keyFile, 'utf8'))
  writeFileSync(
    join(folder.path, 'haproxy.cfg'),
    `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel 1h
  http-reuse always
frontend visitors
  bind 127.0.0.1:${port} ssl crt ${bundle} alpn h2,http/1.1
  bind 127.0.0.1:${plainPort}
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  default_backend hub
backend hub
  server hub 127.0.0.1:${options.hubPort}
`,
  )
  const args = ['-db', '-f', join(folder.path, 'haproxy.cfg')]
  const child = spawn('/usr/sbin/haproxy', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  return supervise(child, { ...issued, port, plainPort, folder })
}

type Started = IssuedCertificate & {
  readonly port: number
  readonly plainPort: number
  readonly folder: ReturnType<typeof makeTemporaryFolder>
}

async function supervise(child: ChildProcess, { folder, ...started }: Started): Promise<FrontProxy> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const exited = once(child, 'exit')
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`the proxy did not start: ${said}`)
      await canConnect(started.port)
    },
    { timeout: 10_000, interval: 50 },
  )
  return {
    ...started,
    readLogs: () =>
      readdirSync(folder.path)
        .filter((name) => name.endsWith('.log'))
        .map((name) => readFileSync(join(folder.path, name), 'utf8'))
        .join('\n') + said,
    async stop() {
      child.kill('SIGTERM')
      await exited
      folder.remove()
    },
  }
}

async function canConnect(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

/** Each of them must be there, or the sample has changed and the test would run something else. */
function replaceAll(text: string, replacements: ReadonlyArray<readonly [from: string, to: string]>): string {
  return replacements.reduce((result, [from, to]) => {
    if (!text.includes(from)) throw new Error(`docs/deploy/nginx.conf has no ${from} any more`)
    return result.replaceAll(from, to)
  }, text)
}

/** What Debian's own nginx.conf says around the sites, with its temporary files in the test's folder. */
function mainConfiguration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
pid ${folder}/nginx.pid;
worker_processes 1;
events { worker_connections 768; }
http {
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  default_type application/octet-stream;
  gzip on;
  access_log ${folder}/access.log;
  error_log ${folder}/error.log;
${temporary.map((name) => `  ${name}_temp_path ${folder}/temp/${name};`).join('\n')}
  include ${folder}/site.conf;
}
`
}
