import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guessByAnswer } from './guess-by-answer.ts'

const answer = (text: string) => ({ host: '127.0.0.1', text })
const page = (headers: readonly string[], body: string) =>
  answer(['HTTP/1.1 200 OK', ...headers, '', body].join('\r\n'))

describe('guessByAnswer', () => {
  it.each([
    ['Vite', page([], '<script type="module" src="/@vite/client"></script>')],
    ['Astro', page([], '<meta name="generator" content="Astro v5"><script src="/@vite/client"></script>')],
    ['Next.js', page(['X-Powered-By: Next.js'], '<html>')],
    ['Nuxt', page([], '<div id="__nuxt"></div>')],
    ['Express', page(['X-Powered-By: Express', 'Content-Type: text/html'], '<h1>Hi</h1>')],
    ['Express', answer('HTTP/1.1 404 Not Found\r\nX-Powered-By: Express\r\n\r\nCannot GET /')],
    ['Django', page(['Server: WSGIServer/0.2 CPython/3.12.1'], '')],
    ['Flask', page(['Server: Werkzeug/3.0.1 Python/3.12.1'], '')],
    ['Rails', page(['X-Request-Id: 8f', 'X-Runtime: 0.012'], '')],
    [
      'Spring Boot',
      answer('HTTP/1.1 404 \r\n\r\n{"timestamp":"2026-11-22","status":404,"error":"Not Found"}'),
    ],
    ['ASP.NET Core', page(['Server: Kestrel'], '')],
    ['PHP', page(['X-Powered-By: PHP/8.3.0'], '')],
    ['Laravel', page(['X-Powered-By: PHP/8.3.0', 'Set-Cookie: laravel_session=x'], '')],
    [null, page([], 'hello')],
  ])('takes it for %s', (framework, told) => {
    expect(guessByAnswer(told)).toEqual({ framework, kind: 'web' })
  })

  it('knows who speaks first, and who wants TLS', () => {
    expect(guessByAnswer(answer('SSH-2.0-OpenSSH_9.2\r\n'))).toEqual({ framework: 'SSH', kind: 'other' })
    expect(guessByAnswer(answer('J\0\0\0\n8.0.36\0\b'))).toEqual({ framework: 'MySQL', kind: 'database' })
    expect(guessByAnswer(answer('Y\0\0\0\n5.5.5-10.11.6-MariaDB\0'))).toEqual({
      framework: 'MariaDB',
      kind: 'database',
    })
    expect(guessByAnswer(answer('\u0015\u0003\u0001\0\u0002\u0002\u0046'))).toEqual({
      framework: 'HTTPS',
      kind: 'web',
    })
  })

  it('reads headers in the head only, pages in the body only', () => {
    expect(guessByAnswer(page([], 'X-Powered-By: Express')).framework).toBeNull()
    expect(guessByAnswer(page(['Link: </@vite/client>'], '')).framework).toBeNull()
  })

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(['web', 'database', 'other']).toContain(guessByAnswer(answer(text)).kind)
      }),
    )
  })
})
