// Guarantee (CASES ELE-18): when the window's process crashes, what is shared stays shared: the main process, its tunnel and a
// visitor's open stream live on, and the window comes back signed in. The whole app in a real Electron 33.2.1, with a real hub.
import { rm } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from '@private-connect/sharing/testing'
import { signInTo } from './kit/sign-in-to.ts'
import { launchApp, type RunningApp } from './kit/launch-app.ts'

let running: RunningApp
let hub: TestHub
let website: Server
let clock: ServerResponse | undefined

beforeAll(async () => {
  website = createServer((request, response) => {
    if (request.url !== '/clock') return response.end('the website')
    clock = response.writeHead(200, { 'content-type': 'text/event-stream' })
    return clock.write('data: 1\n\n')
  }).listen(0, '127.0.0.1')
  ;[running, hub] = await Promise.all([launchApp(), startTestHub()])
})

afterAll(async () => {
  // With a share left, as after a failure, it would ask whether to quit.
  running?.app.process().kill('SIGKILL')
  if (running !== undefined) await rm(running.userDataDir, { recursive: true, force: true, maxRetries: 5 })
  website?.closeAllConnections()
  website?.close()
  await hub?.remove()
})

async function signIn(page: Page): Promise<void> {
  const made = await fetch(`${hub.url}/v1/api-keys`, {
    method: 'POST',
    headers: { ...(await signInTo(hub)), 'content-type': 'application/json' },
    body: '{"name":"desktop"}',
  })
  const { key } = (await made.json()) as { key: string }
  await page.getByRole('button', { name: 'Change the hub' }).click()
  await page.getByLabel('Address of the hub').fill(hub.url)
  await page.getByRole('button', { name: 'Use this hub' }).click()
  await page.getByRole('button', { name: 'Use an API key instead' }).click()
  await page.getByLabel('API key', { exact: true }).fill(key)
  await page.getByRole('button', { name: 'Sign in with the key' }).click()
  await page.getByRole('heading', { name: 'Share a port' }).waitFor()
}

it('keeps a visitor’s stream and the share through a crash of the window', async () => {
  const { app, page } = running
  page.setDefaultTimeout(10_000)
  await signIn(page)
  await page.getByLabel('Port', { exact: true }).fill(String((website.address() as AddressInfo).port))
  await page.getByRole('button', { name: 'Share', exact: true }).last().click()
  await page.getByRole('dialog').getByText('It is on your clipboard.').waitFor()
  const link = new URL((await page.getByRole('dialog').locator('code').textContent()) ?? '')
  // Node resolves no names below localhost: the same share by path.
  const token = /share-tok-(\w{26})/.exec(link.hostname)?.[1]
  const shared = `${hub.url}/shared/share_tok_${token}`
  const visit = await fetch(`${shared}/clock`)
  const stream = visit.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect(await stream?.read()).toEqual({ done: false, value: 'data: 1\n\n' })

  const again = app.waitForEvent('window')
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  )
  const back = await again
  await back.getByText('Sharing · 1 share').waitFor()
  clock?.write('data: 2\n\n')
  expect(await stream?.read()).toEqual({ done: false, value: 'data: 2\n\n' })
  expect(await (await fetch(`${shared}/`)).text()).toBe('the website')

  await back.getByRole('navigation').getByRole('link', { name: 'Shares' }).click()
  await back.getByRole('button', { name: 'Revoke' }).click()
  await back.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await vi.waitFor(async () => expect((await fetch(`${shared}/`)).status).toBe(403), { timeout: 10_000 })
  await stream?.cancel().catch(() => undefined)
})
