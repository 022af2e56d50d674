import { liveRouter } from '@private-connect/api'
import { jsonEncoder, type Encoder } from '@trpc/server/adapters/ws'

/** What is told, as it stands in the message of each subscriber. */
class Written {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

interface Message {
  readonly result?: { readonly data?: unknown }
}

const { _def } = liveRouter
const { transformer } = _def._config
const written = new WeakMap<object, Written>()

/** Like tRPC's transformer, but what many subscribers are told is gone through once. */
function serialize(value: unknown): unknown {
  const told = toldIn(value)
  if (told === null) return transformer.output.serialize(value)
  const known = written.get(told) ?? new Written(JSON.stringify(transformer.output.serialize(value)))
  written.set(told, known)
  return known
}

/** The event in what tRPC makes of one with an id. */
function toldIn(value: unknown): object | null {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('data' in value)) return null
  return typeof value.data === 'object' ? value.data : null
}

/** The router of sockets, with that transformer: `socketEncoder` knows what it leaves. */
export const socketRouter: typeof liveRouter = {
  ...liveRouter,
  _def: {
    ..._def,
    _config: {
      ..._def._config,
      transformer: { ...transformer, output: { ...transformer.output, serialize } },
    },
  },
}

/** Writes tRPC's messages as it would itself. */
export const socketEncoder: Encoder = {
  ...jsonEncoder,
  encode(message) {
    const { result } = message as Message
    if (result === undefined || !(result.data instanceof Written)) return jsonEncoder.encode(message)
    const {
      data: { text },
      ...rest
    } = result as { readonly data: Written }
    // Of the message its result comes last, and of the result its data.
    return `${JSON.stringify({ ...(message as Message), result: rest }).slice(0, -2)},"data":${text}}}`
  },
}
