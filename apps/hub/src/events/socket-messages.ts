import { liveRouter, type ApiContext, type LiveStream } from '@private-connect/api'
import { jsonEncoder, type Encoder } from '@trpc/server/adapters/ws'
import { FirstTold, tellOverSocket, type MessageHead, type SocketReader } from './socket-stream.ts'

export interface SocketContext extends ApiContext {
  readonly reader: SocketReader
}

type Procedure = (call: { readonly ctx: SocketContext }) => Promise<LiveStream<object>>

const { _def } = liveRouter
const { transformer } = _def._config

/** The router for tRPC's WebSocket adapter, which opens subscriptions and ends them; the hub itself writes the events. */
export const socketRouter: typeof liveRouter = {
  ...liveRouter,
  _def: {
    ..._def,
    procedures: Object.fromEntries(
      // tRPC has them in one list, whatever its types say.
      Object.entries(_def.procedures as unknown as Readonly<Record<string, Procedure>>).map(
        ([path, procedure]) => [path, overSocket(procedure)],
      ),
    ) as unknown as typeof _def.procedures,
    _config: {
      ..._def._config,
      transformer: { ...transformer, output: { ...transformer.output, serialize } },
    },
  },
}

function overSocket(procedure: Procedure) {
  const call = async (options: Parameters<Procedure>[0]) =>
    tellOverSocket(await procedure(options), options.ctx.reader)
  return Object.assign(call, procedure)
}

function serialize(value: unknown): unknown {
  return value instanceof FirstTold ? value : transformer.output.serialize(value)
}

/** Writes tRPC's messages as it would itself. */
export const socketEncoder: Encoder = {
  ...jsonEncoder,
  encode(message) {
    const { result, ...head } = message as MessageHead & { readonly result?: { readonly data?: unknown } }
    return result?.data instanceof FirstTold ? result.data.write(head) : jsonEncoder.encode(message)
  },
}
