/** The embedded database cannot be used; the message is a sentence for whoever starts the hub. */
export class EmbeddedPostgresError extends Error {
  override readonly name: string = 'EmbeddedPostgresError'
}

/** Another hub holds the lock: trying again changes nothing as long as it runs. */
export class HubLockedError extends EmbeddedPostgresError {
  override readonly name = 'HubLockedError'
}

export function hasErrnoCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
