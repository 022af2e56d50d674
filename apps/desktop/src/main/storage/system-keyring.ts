/** The system's own place for secrets. */
export interface SystemKeyring {
  /** Whether it encrypts, with a key that only this user's session opens. */
  isSafe(): boolean
  encrypt(text: string): Buffer
  /** Throws where it was encrypted with another key. */
  decrypt(sealed: Buffer): string
}

/** What is used of Electron's `safeStorage`. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean
  /** Linux only. */
  getSelectedStorageBackend?(): string
  encryptString(text: string): Buffer
  decryptString(sealed: Buffer): string
}

/** Backends of Linux whose key is in the program, for everybody to read. */
const openBackends: ReadonlySet<string> = new Set(['basic_text', 'unknown'])

/** Only once the app is ready: before, Linux does not know its backend. */
export function createSystemKeyring(safeStorage: SafeStorage, platform = process.platform): SystemKeyring {
  return {
    isSafe() {
      if (!safeStorage.isEncryptionAvailable()) return false
      if (platform !== 'linux') return true
      return !openBackends.has(safeStorage.getSelectedStorageBackend?.() ?? 'unknown')
    },
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (sealed) => safeStorage.decryptString(sealed),
  }
}
