import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

/** Small enough for a repository; a picture that is larger is too large to look at as well. */
const bytesMax = 80 * 1_024
const qualities = [90, 80, 65, 50] as const

/** The page as it is seen, as WebP, in the best quality that is small enough. Playwright itself writes no WebP. */
export async function takePicture(page: Page, file: string): Promise<number> {
  const client = await page.context().newCDPSession(page)
  try {
    for (const quality of qualities) {
      const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality })
      const bytes = Buffer.from(data, 'base64')
      if (bytes.length > bytesMax) continue
      writeFileSync(file, bytes)
      return bytes.length
    }
  } finally {
    await client.detach()
  }
  throw new Error(`${file} is larger than ${bytesMax} bytes in every quality`)
}
