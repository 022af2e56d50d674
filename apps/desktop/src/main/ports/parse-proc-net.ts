/** A row of Linux's socket table. */
export interface ProcNetSocket {
  readonly address: string
  readonly port: number
  /** Names the socket in `/proc/<pid>/fd`. */
  readonly inode: string
}

// Columns: slot, local address, remote address, state (0A: LISTEN), queues, timers, retransmits, user, timeout, inode.
const row =
  /^\s*\d+: ([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) [\dA-F]+:[\dA-F]{4} 0A \S+ \S+ \S+\s+\d+\s+\d+ (\d+)/

/** The listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`. What is not such a row is skipped. */
export function parseProcNet(text: string): readonly ProcNetSocket[] {
  return text.split('\n').flatMap((line) => {
    // Most rows are connections, of which a busy machine has thousands.
    if (!line.includes(' 0A ')) return []
    const [, address = '', port = '', inode = ''] = row.exec(line) ?? []
    if (inode === '') return []
    return [{ address: readHexAddress(address), port: Number.parseInt(port, 16), inode }]
  })
}

/** The kernel prints each 32 bits in the machine's byte order, which is little-endian wherever Electron runs. */
export function readHexAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  )
  if (bytes.length === 4) return bytes.join('.')
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (isMapped) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[at * 2] ?? 0) * 256 + (bytes[at * 2 + 1] ?? 0)).toString(16),
  )
  return groups
    .join(':')
    .replace(/^(0:){7}/, '::')
    .replace(/^::0$/, '::')
}
