import type { SystemKeyring } from '../../src/main/storage/system-keyring.ts'

/** Turns every bit around, which is enough to see what was written as it is. */
export function createKeyringDouble(kind: 'safe' | 'none'): SystemKeyring {
  const turn = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff))
  return {
    isSafe: () => kind === 'safe',
    encrypt: (text) => turn(Buffer.from(text)),
    decrypt: (sealed) => turn(sealed).toString(),
  }
}
