import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../kit/processes.ts'
import { startApp } from './kit/link-forms.ts'
import { useSharedApp } from './kit/use-shared-app.ts'

interface Uploaded {
  readonly id: string
  readonly size: number
  readonly sha256: string
}

const fileBytes = 32 * 1024 * 1024

// Guarantee: a file that a visitor sends by a form arrives byte for byte, and comes back whole or by range.
describe('a file upload app', () => {
  const folder = makeTemporaryFolder()
  const file = join(folder.path, 'holiday.bin')
  const content = randomBytes(fileBytes)
  beforeAll(() => writeFileSync(file, content))
  afterAll(() => folder.remove())
  const shared = useSharedApp(async () => startApp('upload'))

  it.each(['subdomain', 'path'] as const)('takes a file by the %s form', async (form) => {
    const link = await shared.forms.share(form, shared.app.port)
    const page = await shared.forms.browser.newPage()
    await page.goto(link.url)
    await page.getByLabel('File').setInputFiles(file)
    await page.getByRole('button', { name: 'Send' }).click()
    // In the page, or where the sandbox keeps its script from sending, as the plain form's next page.
    const result = page.getByText('"sha256"')
    await result.waitFor()
    const uploaded = JSON.parse((await result.textContent()) ?? '') as Uploaded
    expect(uploaded).toEqual({
      id: uploaded.id,
      size: fileBytes,
      sha256: createHash('sha256').update(content).digest('hex'),
    })
    await page.close()

    const url = `${link.shareUrl.replace('hub.test', '127.0.0.1')}/files/${uploaded.id}`
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer())
    expect(whole.equals(content)).toBe(true)
    const range = await fetch(url, { headers: { range: 'bytes=1000-1999' } })
    expect([range.status, range.headers.get('content-range')]).toEqual([206, `bytes 1000-1999/${fileBytes}`])
    expect(Buffer.from(await range.arrayBuffer()).equals(content.subarray(1000, 2000))).toBe(true)
    await link.stop()
  })
})
