import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'

// A program of its own, started by fastify-http-proxy.ts: `<port> <upstream URL>`.
const [port, upstream = ''] = process.argv.slice(2)
const app = Fastify({ bodyLimit: 2 ** 40 })
await app.register(httpProxy, { upstream })
await app.listen({ host: '127.0.0.1', port: Number(port) })
