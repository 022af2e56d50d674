import { isLoopbackHost } from '@private-connect/sharing'
import { renderUnicodeCompact } from 'uqr'

/**
 * The link as a QR code, two rows of modules to a line; null when the link leads to this machine only, which a phone cannot
 * reach. With `isPainted` the lines set their own colours, so that the code is dark on light whatever the terminal's theme.
 */
export function renderQrCode(url: string, isPainted: boolean): string | null {
  const host = URL.parse(url)?.hostname
  if (host === undefined || isLoopbackHost(host)) return null
  const code = renderUnicodeCompact(url, { ecc: 'L', border: 2 })
  if (!isPainted) return code
  return code
    .split('\n')
    .map((line) => `\u001B[97;40m${line}\u001B[0m`)
    .join('\n')
}
