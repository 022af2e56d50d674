// Guarantee (AUTH-06, AUTH-21): a mail reaches exactly its recipient as it was composed; while the mail server is away
// it is tried again until its link has ended, the hub says that mail is failing, and no log names an address.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDevelopmentTransport } from '../src/mail/development-transport.ts'
import { createMailQueue, type MailQueueOptions } from '../src/mail/mail-queue.ts'
import { createSmtpTransport } from '../src/mail/smtp-transport.ts'
import { makeTemporaryFolder } from './kit/processes.ts'
import { startSmtpServer } from './kit/smtp-server.ts'

const from = { name: 'Private Connect', address: 'hub@example.com' }
const link = `https://hub.example.com/signin?redirect=%2Fdevice%3Fcode%3DABCD#magic_tok_${'a'.repeat(32)}`
const mailTo = (to: string) => ({
  to,
  subject: 'Zeichen: ä€😀',
  text: `Hello ä€😀\n\n${link}\n\n.\nafter a dot\n`,
  html: `<!doctype html><p>Hello ä€😀 <a href="${link}">in</a></p>`,
})
const cleanups: Array<() => unknown> = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startServer(options: Parameters<typeof startSmtpServer>[0] = {}) {
  const server = await startSmtpServer(options)
  cleanups.push(() => server.close())
  return server
}

function createQueue(url: string, options: Partial<MailQueueOptions> = {}) {
  const lines: string[] = []
  const log = { warn: (...parts: unknown[]) => void lines.push(JSON.stringify(parts)) }
  const transport = createSmtpTransport({ url, from })
  const queue = createMailQueue({ transport, log, retryDelayMs: 20, ...options })
  cleanups.push(() => queue.close())
  return { queue, lines }
}

describe('by SMTP', () => {
  it('arrives whole, from and to whom it should, in text and HTML', async () => {
    const server = await startServer({ login: { user: 'hub', password: 'p@ss' } })
    const { queue } = createQueue(server.url.replace('p@ss', 'p%40ss'))
    queue.send(mailTo('ada@example.com'))
    const { mail, envelopeFrom, envelopeTo, raw } = await server.waitForMail('ada@example.com')
    expect([envelopeFrom, envelopeTo]).toEqual(['hub@example.com', ['ada@example.com']])
    expect(mail.from).toMatchObject(from)
    expect(mail.to).toMatchObject([{ address: 'ada@example.com' }])
    expect([mail.subject, mail.text?.trim()]).toEqual(['Zeichen: ä€😀', mailTo('').text.trim()])
    expect(mail.html).toContain(`href="${link}"`)
    expect(raw).toMatch(/^auto-submitted: auto-generated\r$/im)
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
    expect(queue.isFailing).toBe(false)
  })

  it.each([["o'brien+x&y@example.ie"], ['a#b=c{d}@mail.example.co.uk']])(
    'is addressed to %s and nobody else',
    async (address) => {
      const server = await startServer()
      createQueue(server.url).queue.send(mailTo(address))
      const { mail, envelopeTo } = await server.waitForMail(address)
      expect(envelopeTo).toEqual([address])
      expect(mail.to).toHaveLength(1)
    },
  )

  it('is tried again until the server is back; until then mail counts as failing', async () => {
    const away = await startSmtpServer()
    await away.close()
    const { queue, lines } = createQueue(away.url)
    queue.send(mailTo('ada@example.com'))
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(1), 20_000)
    expect(queue.isFailing).toBe(true)
    const server = await startServer({ port: away.port })
    await server.waitForMail('ada@example.com')
    await vi.waitFor(() => expect(queue.isFailing).toBe(false), 20_000)
    expect(server.received).toHaveLength(1)
    expect(lines.join()).toContain('ESOCKET')
    expect(lines.join()).not.toMatch(/ada|magic_tok/)
  })

  it('is given up when its link has ended', async () => {
    const away = await startSmtpServer()
    await away.close()
    const { queue, lines } = createQueue(away.url, { lifetimeMs: 100 })
    queue.send(mailTo('ada@example.com'))
    await vi.waitFor(() => expect(lines.at(-1)).toContain('given up'), 20_000)
    expect(lines.length).toBeLessThan(10)
  })

  it('that has no link is tried for as long as it says', async () => {
    const away = await startSmtpServer()
    await away.close()
    const { queue, lines } = createQueue(away.url, { lifetimeMs: 100 })
    queue.send({ ...mailTo('ada@example.com'), lifetimeMs: 60_000 })
    queue.send(mailTo('grace@example.com'))
    await vi.waitFor(() => expect(lines.join()).toContain('given up'), 20_000)
    const server = await startServer({ port: away.port })
    await server.waitForMail('ada@example.com')
    expect(server.received).toHaveLength(1)
  })

  it('is not tried again when its recipient is refused, which says nothing about the server', async () => {
    const server = await startServer({ refused: ['nobody@example.com'] })
    const { queue, lines } = createQueue(server.url)
    queue.send(mailTo('nobody@example.com'))
    await vi.waitFor(() => expect(lines).toHaveLength(1), 20_000)
    queue.send(mailTo('ada@example.com'))
    await server.waitForMail('ada@example.com')
    expect(queue.isFailing).toBe(false)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('550')
    expect(lines[0]).not.toContain('nobody@')
  })

  it('does not travel in clear where TLS is asked for, nor with a wrong password', async () => {
    const server = await startServer({ login: { user: 'hub', password: 'right' } })
    for (const url of [`${server.url}?requireTLS=true`, server.url.replace('right', 'wrong')]) {
      const { queue } = createQueue(url)
      queue.send(mailTo('ada@example.com'))
      await vi.waitFor(() => expect(queue.isFailing).toBe(true), 20_000)
    }
    expect(server.received).toEqual([])
  })

  it('does not hold up a stop: what waits for another attempt is dropped', async () => {
    const away = await startSmtpServer()
    await away.close()
    const { queue, lines } = createQueue(away.url, { retryDelayMs: 60_000 })
    queue.send(mailTo('ada@example.com'))
    await vi.waitFor(() => expect(lines).toHaveLength(1), 20_000)
    const startedAtMs = performance.now()
    await queue.close()
    expect(performance.now() - startedAtMs).toBeLessThan(3000)
  })
})

describe('without a mail server', () => {
  it('is kept for its owner’s eyes and its link printed; the newest hundred are kept', async () => {
    const parent = makeTemporaryFolder()
    cleanups.push(parent.remove)
    const folder = join(parent.path, 'mails')
    const printed: string[] = []
    const transport = createDevelopmentTransport({ folder, from, print: (text) => printed.push(text) })
    await transport.send(mailTo('ada@example.com'))
    expect(printed[0]).toContain(`\n  ${link}\n`)
    expect(printed[0]).toContain('Mail to ada@example.com')
    const [file = ''] = readdirSync(folder)
    expect([statSync(folder).mode & 0o777, statSync(join(folder, file)).mode & 0o777]).toEqual([0o700, 0o600])
    const mail = await PostalMime.parse(readFileSync(join(folder, file)))
    expect(mail).toMatchObject({ subject: 'Zeichen: ä€😀', to: [{ address: 'ada@example.com' }] })
    expect(mail.text).toContain(link)
    for (let count = 0; count < 100; count += 1) await transport.send(mailTo(`n${count}@example.com`))
    expect(readdirSync(folder)).toHaveLength(100)
    expect(readdirSync(folder)).not.toContain(file)
  })
})
