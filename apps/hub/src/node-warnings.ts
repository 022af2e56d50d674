/** The first release of each line whose Brotli decoder is mended (CVE-2026-111497). */
const mendedBrotli: Readonly<Record<number, readonly [minor: number, patch: number]>> = {
  22: [23, 4],
  24: [22, 1],
  26: [12, 1],
}

/** What is wrong with the Node that runs the hub, as a flag for /health and a sentence for the log; undefined if nothing. */
export function findNodeWarning(version: string): { flag: string; message: string } | undefined {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, '').split('.').map(Number)
  const mended = mendedBrotli[major]
  const isMended =
    mended === undefined ? major > 26 : minor > mended[0] || (minor === mended[0] && patch >= mended[1])
  if (isMended) return undefined
  return {
    flag: 'node_brotli_decoder',
    message:
      `Node ${version} has the Brotli decoder flaw CVE-2026-111497. The hub never decodes Brotli, ` +
      'so it is not exposed; update to 22.23.4, 24.22.1 or 26.12.1 all the same.',
  }
}
