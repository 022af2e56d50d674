import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Child, Processes } from './processes.ts'

export interface NginxOptions {
  readonly name: string
  readonly workDir: string
  readonly port: number
  /** What stands inside of the `http` block. */
  readonly http: string
}

/**
 * An nginx of our own with one worker, as one Node process is one worker too, and without any limit on keep-alive
 * requests: its default of 1,000 would measure reconnects.
 */
export function startNginx(processes: Processes, options: NginxOptions): Promise<Child> {
  const dir = join(options.workDir, options.name)
  mkdirSync(dir, { recursive: true })
  const configFile = join(dir, 'nginx.conf')
  writeFileSync(configFile, configure(dir, options.http))
  return processes.start({
    name: options.name,
    command: 'nginx',
    args: ['-p', dir, '-c', configFile, '-e', 'stderr'],
    ready: { port: options.port },
  })
}

function configure(dir: string, http: string): string {
  // Workers of a root nginx are another user by default, who cannot look into our temporary folder.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const tempPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(dir, kind)};`)
    .join('\n  ')
  return `daemon off;
${user}
worker_processes 1;
pid ${join(dir, 'nginx.pid')};
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  ${tempPaths}
  default_type application/octet-stream;
  sendfile on;
  tcp_nodelay on;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  client_max_body_size 0;
${http}
}
`
}
