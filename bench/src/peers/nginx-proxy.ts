import { findFreePort } from '../free-port.ts'
import { startNginx } from '../nginx.ts'
import { findVersion } from '../run-tool.ts'
import type { Peer } from './peer.ts'

/** The unit of all ratios. */
export const nginxProxy: Peer = {
  name: 'nginx-proxy',
  group: 'direct',
  note: '`proxy_pass` with upstream keep-alive, one worker, bodies streamed, no log',
  start: async ({ processes, workDir, upstreamPort }) => {
    const port = await findFreePort()
    const http = `
  upstream app { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_request_buffering off;
      proxy_max_temp_file_size 0;
    }
  }`
    const nginx = await startNginx(processes, { name: 'nginx-proxy', workDir, port, http })
    return {
      baseUrl: `http://127.0.0.1:${port}`,
      headers: [],
      front: [nginx],
      all: [nginx],
      version: (await findVersion('nginx', ['-v'])) ?? '',
    }
  },
}

/** No proxy at all: what the machine and the load generator allow. */
export const floor: Peer = {
  name: 'floor',
  group: 'floor',
  note: 'the upstream nginx itself, no proxy',
  start: async ({ upstreamPort }) => ({
    baseUrl: `http://127.0.0.1:${upstreamPort}`,
    headers: [],
    front: [],
    all: [],
    version: (await findVersion('nginx', ['-v'])) ?? '',
  }),
}
