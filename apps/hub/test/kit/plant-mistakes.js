// For `node --import`: programming mistakes in the handlers of some requests, as a hub's own code could have them.
import { EventEmitter } from 'node:events'
import { Server } from 'node:http'

const { value: emit } = Object.getOwnPropertyDescriptor(EventEmitter.prototype, 'emit')

Server.prototype.emit = function emitWithMistakes(event, request, ...rest) {
  if (event === 'request' && request.url === '/livez?mistake=later') {
    setTimeout(() => {
      throw new Error('a mistake in a timer')
    })
  }
  if (event === 'request' && request.url === '/livez?mistake=promise') {
    void Promise.reject(new Error('a mistake in a promise'))
  }
  if (event === 'request' && request.url?.endsWith('/?mistake=now')) {
    Object.defineProperty(request, 'headers', {
      get() {
        throw new Error('a mistake in a handler')
      },
    })
  }
  return Reflect.apply(emit, this, [event, request, ...rest])
}
