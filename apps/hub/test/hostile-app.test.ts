// Guarantee (RSP-01, -02, -04, -06, -13, -14, AUTH-12; SPEC §6): a hostile app that a signed-in owner opens, in either link
// form and even on a sister host of the hub, neither reads nor changes anything of the hub or of another share, and can
// neither choose nor end the owner's session.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { attempt, signIn, startHostileApp, type HostileApp } from './kit/hostile-share.ts'
import { startHubBehindNginx, type HubBehindNginx } from './kit/hub-behind-nginx.ts'
import { shareDirectly } from './kit/share.ts'

const forms = [
  { form: 'on a domain of its own', shareDomain: 'share.example.net', isApart: false },
  { form: 'on a sister host of the hub', shareDomain: 'share.example.com', isApart: false },
  { form: 'in path form, without a share domain', shareDomain: null, isApart: true },
] as const

describe.each(forms)('a hostile app $form', ({ shareDomain, isApart }) => {
  let front: HubBehindNginx
  let app: HostileApp
  let browser: Browser
  let context: BrowserContext
  let hubPage: Page
  let hostile: Page
  let victim: Page
  let urls: { readonly hostile: string; readonly victim: string }

  beforeAll(async () => {
    const domains = [
      'example.com',
      'example.net',
      'hub.example.com',
      ...(shareDomain === null ? [] : [shareDomain]),
    ]
    ;[front, app] = await Promise.all([startHubBehindNginx({ shareDomain }), startHostileApp(domains)])
    const [a, b] = [
      await shareDirectly(front.hub, app.port, 'hostile'),
      await shareDirectly(front.hub, app.port, 'victim'),
    ]
    const urlOf = isApart
      ? (share: typeof a) => `${share.shareUrl}/`
      : (share: typeof a) => share.subdomainUrl
    urls = { hostile: urlOf(a), victim: urlOf(b) }
    browser = await launchBrowser({
      args: ['--host-resolver-rules=MAP *.example.com 127.0.0.1, MAP *.example.net 127.0.0.1'],
      authorityFile: front.nginx.caFile,
    })
    context = await browser.newContext()
    hubPage = await signIn(context, front)
    victim = await context.newPage()
    await victim.goto(urls.victim)
    hostile = await context.newPage()
    await hostile.goto(urls.hostile)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await front?.stop()
    await app?.close()
  })

  const keyCount = async () =>
    attempt(hubPage, `fetch('/v1/api-keys').then((r) => r.json()).then((keys) => keys.length)`)

  it('is opened where it belongs', async () => {
    expect(hostile.url()).toBe(urls.hostile)
    expect(await hostile.evaluate('self.origin')).toBe(isApart ? 'null' : new URL(urls.hostile).origin)
    expect(await keyCount()).toBe(1)
  })

  it('reads nothing of the hub (RSP-01, RSP-06)', async () => {
    for (const path of [
      '/v1/api-keys',
      '/v1/auth/me',
      '/trpc/auth.me',
      '/signin',
      '/openapi.json',
      '/health',
    ]) {
      for (const credentials of ['include', 'omit']) {
        const call = `fetch('${front.origin}${path}', { credentials: '${credentials}' }).then((r) => r.text())`
        expect([path, await attempt(hostile, call)]).toEqual([path, 'refused: TypeError'])
      }
    }
    expect(
      await attempt(hostile, `fetch('/v1/api-keys', { credentials: 'include' }).then((r) => r.text())`),
    ).toBe(isApart ? 'refused: TypeError' : '<!doctype html><title>app</title><h1>An app</h1>')
  })

  it('writes nothing at the hub (AUTH-12)', async () => {
    const body = JSON.stringify({ name: 'stolen' })
    const url = `${front.origin}/v1/api-keys`
    for (const type of ['text/plain', 'application/json']) {
      await attempt(
        hostile,
        `fetch('${url}', { method: 'POST', mode: 'no-cors', credentials: 'include', body: new Blob(['${body}'], { type: '${type}' }) }).then(() => 1)`,
      )
    }
    await attempt(hostile, `navigator.sendBeacon('${url}', new Blob(['${body}'], { type: 'text/plain' }))`)
    const form = await context.newPage()
    await form.goto(urls.hostile)
    const answered = form.waitForResponse(url)
    await form
      .setContent(
        `<form method="post" enctype="text/plain" action="${url}"><input name='{"name":"stolen","x":"' value='"}'></form>`,
      )
      .catch(() => {})
    await form.evaluate(`document.forms[0].submit()`)
    expect((await answered).status()).toBeGreaterThanOrEqual(400)
    await form.close()
    expect(await keyCount()).toBe(1)
  })

  it('reads nothing of another share (RSP-02)', async () => {
    const read = `fetch('${urls.victim}', { credentials: 'include' }).then((r) => r.text())`
    // The app itself says that everybody may read it, so only what is sent with credentials stays apart.
    expect(await attempt(hostile, read)).toBe('refused: TypeError')
    const framed = `new Promise((resolve, reject) => { const f = document.createElement('iframe'); f.src = '${urls.victim}'; f.onload = () => { try { resolve(f.contentWindow.document.title) } catch (e) { reject(e) } }; document.body.append(f) })`
    expect(await attempt(hostile, framed)).toBe('refused: SecurityError')
  })

  it('has no storage in common with another share (RSP-02)', async () => {
    const store = `(localStorage.setItem('secret', '1'), new Promise((resolve, reject) => { const r = indexedDB.open('secret'); r.onsuccess = () => resolve('stored'); r.onerror = () => reject(r.error) }))`
    const refused = 'refused: SecurityError'
    expect(await attempt(victim, store)).toBe(isApart ? refused : 'stored')
    expect(await attempt(hostile, `localStorage.getItem('secret')`)).toBe(isApart ? refused : null)
    expect(await attempt(hostile, `indexedDB.databases().then((all) => all.length)`)).toBe(
      isApart ? refused : 0,
    )
    expect(await attempt(hostile, `caches.keys().then((all) => all.length)`)).toBe(isApart ? refused : 0)
    expect(await attempt(hubPage, `localStorage.length`)).toBe(0)
  })

  it('reaches no other page by a channel (RSP-02)', async () => {
    const listen = `void (self.heard = [], self.channel = new BroadcastChannel('x'), channel.onmessage = (e) => heard.push(e.data))`
    for (const page of [hubPage, victim]) await attempt(page, listen)
    const sister = await context.newPage()
    await sister.goto(urls.hostile)
    await attempt(sister, listen)
    await attempt(hostile, `new BroadcastChannel('x').postMessage('hello')`)
    // Where channels work at all, a page of the same app has heard it by now.
    const heardBySister = isApart ? [] : ['hello']
    await vi.waitFor(async () => expect(await sister.evaluate('heard')).toEqual(heardBySister), {
      timeout: 10_000,
    })
    for (const page of [hubPage, victim]) expect(await page.evaluate('heard')).toEqual([])
    await sister.close()
  })

  it('takes over no page but its own by a service worker (RSP-02)', async () => {
    const register = `navigator.serviceWorker.register('${new URL('sw.js', urls.hostile).href}', { scope: '/' }).then(() => navigator.serviceWorker.ready).then(() => 'registered')`
    const outcome = await attempt(hostile, register)
    expect(outcome).toMatch(isApart ? /^refused: / : /^registered$/)
    for (const url of [`${front.origin}/`, urls.victim]) {
      const page = await context.newPage()
      await page.goto(url)
      expect(await page.content()).not.toContain('taken over')
      await page.close()
    }
    if (!isApart)
      await attempt(hostile, `navigator.serviceWorker.getRegistration().then((r) => r.unregister())`)
  })

  it('chooses no session, and ends none (RSP-04)', async () => {
    const planted = `session=sess_${'b'.repeat(26)}; Path=/; Secure`
    for (const domain of [
      '',
      '; Domain=example.com',
      '; Domain=share.example.com',
      '; Domain=hub.example.com',
    ]) {
      for (const prefix of ['', '__Host-', '__host-']) {
        await attempt(hostile, `document.cookie = '${prefix}${planted}${domain}'`)
      }
    }
    await hostile.reload()
    const me = `fetch('/v1/auth/me').then((r) => r.json()).then((me) => me.user?.email ?? me.code)`
    expect(await attempt(hubPage, me)).toBe('owner@localhost')
    // Nor is somebody signed in by what was planted who was not signed in before.
    await context.clearCookies({ name: '__Host-session' })
    expect(await attempt(hubPage, me)).toBe('auth.required')
  })

  it('holds no handle of a page of the hub, and is held by none (RSP-13)', async () => {
    const popup = context.waitForEvent('page')
    await attempt(hostile, `void (self.opened = open('${front.origin}/signin'))`)
    const opened = await popup
    await opened.waitForLoadState()
    expect(await opened.evaluate('window.opener')).toBeNull()
    expect(await attempt(hostile, `opened.document.title`)).toMatch(/^refused: |undefined/)
    await opened.close()
  })

  it('frames no page of the hub (RSP-13, RSP-14)', async () => {
    for (const path of ['/', '/signin', '/device', '/docs', '/shared/share_tok_x/']) {
      const frame = `new Promise((resolve) => { const f = document.createElement('iframe'); f.src = '${front.origin}${path}'; f.onload = () => resolve('loaded'); document.body.append(f) })`
      expect(await attempt(hostile, frame)).toBe('loaded')
      const framed = await (await hostile.$$('iframe')).at(-1)?.contentFrame()
      expect(await framed?.content()).not.toMatch(
        /This is a Private Connect hub|<section|swagger|leads nowhere/i,
      )
    }
  })
})
