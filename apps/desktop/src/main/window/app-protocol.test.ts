import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  answerAppRequest,
  builtFiles,
  contentSecurityPolicy,
  developmentFiles,
  type AnswerRequest,
} from './app-protocol.ts'

let root: string
const api = vi.fn<AnswerRequest>(async () => new Response('the hub'))
const get = (url: string, method = 'GET') =>
  answerAppRequest(new Request(url, { method }), { api, files: builtFiles(join(root, 'renderer')) })

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'pc-protocol-'))
  mkdirSync(join(root, 'renderer/assets'), { recursive: true })
  mkdirSync(join(root, 'renderer-other'))
  writeFileSync(join(root, 'renderer/index.html'), '<!doctype html>')
  writeFileSync(join(root, 'renderer/assets/app.js'), 'app')
  writeFileSync(join(root, 'renderer/assets/notes.txt'), 'not served')
  writeFileSync(join(root, 'secret.js'), 'SECRET')
  writeFileSync(join(root, 'renderer-other/secret.js'), 'SECRET')
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('answerAppRequest', () => {
  it('serves the built files with their type and the policy', async () => {
    const page = await get('app://private-connect/')
    expect(await page.text()).toBe('<!doctype html>')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await (await get('app://private-connect/assets/app.js?v=1')).text()).toBe('app')
  })

  it.each([
    'app://private-connect/../secret.js',
    'app://private-connect/..%2fsecret.js',
    'app://private-connect/%2e%2e%2fsecret.js',
    'app://private-connect/..%2frenderer-other%2fsecret.js',
    'app://private-connect/assets/notes.txt',
    'app://private-connect/assets/app.js%00',
    'app://private-connect/%E0%A4%A.js',
    'app://private-connect/nothing.js',
    'app://private-connect/assets',
    'app://elsewhere/index.html',
  ])('answers 404 for %s, with the policy all the same', async (url) => {
    const answer = await get(url)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
  })

  it('lets the window load its own and nothing else, and be in no frame', () => {
    const rules = new Map<string, string>()
    for (const rule of contentSecurityPolicy.split('; ')) {
      const [name = '', ...sources] = rule.split(' ')
      rules.set(name, sources.join(' '))
    }
    // Those that `default-src` says nothing about.
    for (const name of ['default-src', 'base-uri', 'form-action', 'frame-ancestors', 'trusted-types'])
      expect([name, rules.get(name)]).toEqual([name, "'none'"])
    expect(rules.get('require-trusted-types-for')).toBe("'script'")
    for (const name of ['script-src', 'img-src', 'font-src', 'connect-src'])
      expect([name, rules.get(name)]).toEqual([name, "'self'"])
    expect(rules.get('style-src')).toMatch(/^'self' 'sha256-[\w+/]{43}='$/)
    expect(rules.size).toBe(11)
  })

  it('takes GET only', async () => {
    expect((await get('app://private-connect/', 'POST')).status).toBe(404)
  })

  it('passes on calls of the hub, and at its own origin only', async () => {
    api.mockClear()
    expect(await (await get('app://private-connect/trpc/auth.me?input=1', 'POST')).text()).toBe('the hub')
    for (const url of ['app://elsewhere/trpc/auth.me', 'app://private-connect.example.com/trpc/auth.me']) {
      expect((await get(url)).status).toBe(404)
    }
    expect((await get('app://private-connect/trpcx')).status).toBe(404)
    expect(api).toHaveBeenCalledOnce()
  })

  it('asks the development server alone, whatever the path', async () => {
    const fetch = vi.fn<(url: string) => Promise<Response>>(async () => new Response('page'))
    const files = developmentFiles('http://localhost:5173/', fetch as unknown as typeof globalThis.fetch)
    for (const path of ['//evil.example/x.js?y', '/@vite/client', '/']) {
      await answerAppRequest(new Request(`app://private-connect${path}`), { api, files })
    }
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      'http://localhost:5173//evil.example/x.js?y',
      'http://localhost:5173/@vite/client',
      'http://localhost:5173/',
    ])
  })

  it('never serves a file outside of its folder, whatever the path', async () => {
    const pieces = fc.array(
      fc.constantFrom('..', '.', '/', '%2e%2e', '%2f', '%5c', '\\', 'secret.js', 'renderer-other', 'assets'),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    await fc.assert(
      fc.asyncProperty(pieces, async (path) => {
        expect(await (await get(`app://private-connect/${path.join('')}`)).text()).not.toContain('SECRET')
      }),
    )
  })
})
