import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePathPattern, matchesPattern } from '../policy/path-pattern.ts'
import { readCanonicalTarget } from './canonical-target.ts'

/** Ways in which upstreams are known to read a path before they look for the resource. */
interface UpstreamModel {
  readonly decodes: number
  readonly takesBackslash: boolean
  readonly stripsParams: boolean
  readonly mergesSlashes: boolean
  readonly foldsUnicode: boolean
}

const models = fc.record<UpstreamModel>({
  decodes: fc.integer({ min: 0, max: 3 }),
  takesBackslash: fc.boolean(),
  stripsParams: fc.boolean(),
  mergesSlashes: fc.boolean(),
  foldsUnicode: fc.boolean(),
})

const decode = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** The resource that an upstream of this kind would serve. */
function resolve(path: string, model: UpstreamModel): string {
  let text = path
  for (let at = 0; at < model.decodes; at += 1) text = decode(text)
  if (model.foldsUnicode) text = Buffer.from(text, 'latin1').toString('utf8').normalize('NFKC')
  if (model.takesBackslash) text = text.replaceAll('\\', '/')
  const resolved: string[] = []
  for (const segment of text.slice(1).split('/')) {
    const name = model.stripsParams ? segment.replace(/;.*/s, '') : segment
    if (name === '..') resolved.pop()
    else if (name !== '.' && !(model.mergesSlashes && name === '')) resolved.push(name)
  }
  return `/${resolved.join('/')}`
}

/** How particular servers find the resource: their own steps in their own order. */
const servers: Readonly<Record<string, (path: string) => string>> = {
  'URL of WHATWG (Node, Deno, browsers)': (path) => decode(new URL(`http://h${path}`).pathname),
  'decode, then normalize (express.static, Flask)': (path) => posix.normalize(decode(path)),
  'normalize, then decode (Go before ServeMux, Caddy)': (path) => decode(posix.normalize(path)),
  'decode, normalize, merge slashes (nginx)': (path) => posix.normalize(decode(path).replace(/\/+/g, '/')),
  'strip parameters, decode, normalize (Tomcat)': (path) =>
    posix.normalize(decode(path.replace(/;[^/]*/g, ''))),
  'decode, strip parameters, normalize (Jetty, WebLogic)': (path) =>
    posix.normalize(decode(path).replace(/;[^/]*/g, '')),
  'decode twice, backslashes are slashes (IIS, double decoding)': (path) => win32Path(decode(decode(path))),
}
const win32Path = (path: string): string => posix.normalize(path.replaceAll('\\', '/'))

const unit = fc.constantFrom(
  ...'/ / . .. %2e %2E %252e %25252e %2f %252f \\ %5c %255c ; %3b a public admin %61 %2561 // /.. /../'.split(
    ' ',
  ),
  ...'%00 % %c0%ae é ． ／ %EF%BC%8E ? ?/../ ~ … %E2%80%A6 %25 %zz'.split(' '),
)
const targets = fc
  .array(unit, { maxLength: 10 })
  .map((parts) => Buffer.from(`/public/${parts.join('')}`, 'utf8').toString('latin1'))

const allowed = compilePathPattern('/public/*')

describe('a canonical target', () => {
  it('stays below an allowed path however the upstream reads it', () => {
    let accepted = 0
    fc.assert(
      fc.property(targets, models, (target, model) => {
        const canonical = readCanonicalTarget(target, true)
        if (typeof canonical === 'string' || !matchesPattern(canonical.segments, allowed)) return
        accepted += 1
        expect(`${resolve(canonical.path, model)}/`).toMatch(/^\/public\//)
      }),
      { numRuns: 20_000 },
    )
    expect(accepted).toBeGreaterThan(500)
  })

  it.each(Object.entries(servers))('stays there for %s', (_name, serve) => {
    let accepted = 0
    fc.assert(
      fc.property(targets, (target) => {
        const canonical = readCanonicalTarget(target, true)
        if (typeof canonical === 'string' || !matchesPattern(canonical.segments, allowed)) return
        accepted += 1
        expect(`${serve(canonical.path)}/`).toMatch(/^\/public\//)
      }),
      { numRuns: 10_000 },
    )
    expect(accepted).toBeGreaterThan(200)
  })

  it('has no dot segment for any upstream, even where every path is allowed', () => {
    fc.assert(
      fc.property(targets, models, (target, model) => {
        const canonical = readCanonicalTarget(target, false)
        if (typeof canonical === 'string') return
        const steps = resolve(canonical.path, { ...model, foldsUnicode: false, mergesSlashes: false })
        const plain = canonical.path.slice(1).split('/').length
        expect(steps.split('/').length).toBeGreaterThanOrEqual(plain)
      }),
      { numRuns: 10_000 },
    )
  })

  it('is the target itself, up to the query', () => {
    fc.assert(
      fc.property(targets, fc.boolean(), (target, isRestricted) => {
        const canonical = readCanonicalTarget(target, isRestricted)
        expect(typeof canonical === 'string' || target.split('?')[0] === canonical.path).toBe(true)
      }),
    )
  })

  it.each(['/', '.', '%2525', '/%2e', '.;', '\\', '%c3%a9', ';', 'a/'])(
    'of 10 KiB of %j is decided in time (PATH-31)',
    (part) => {
      const target = `/${part.repeat(10_240)}`.slice(0, 10_239)
      const startedMs = performance.now()
      for (const isRestricted of [true, false]) readCanonicalTarget(target, isRestricted)
      // Ten times the 5 ms that the event loop may be held.
      expect(performance.now() - startedMs).toBeLessThan(50)
    },
  )

  it.each(['', 'x', '*', 'http://a/b', '?a'])('%j has no origin-form', (target) => {
    expect(readCanonicalTarget(target, false)).toBe('request.target_not_canonical')
  })

  it('is decoded once for matching, as UTF-8', () => {
    expect(readCanonicalTarget('/%61%2562/caf%C3%A9?x=%2e', true)).toEqual({
      path: '/%61%2562/caf%C3%A9',
      segments: ['a%62', 'café'],
    })
  })
})
