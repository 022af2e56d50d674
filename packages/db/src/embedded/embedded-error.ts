/** The embedded database cannot be used; the message is a sentence for whoever starts the hub. */
export class EmbeddedPostgresError extends Error {
  override readonly name: string = 'EmbeddedPostgresError'
}

/** Another hub holds the lock: trying again changes nothing as long as it runs. */
export class HubLockedError extends EmbeddedPostgresError {
  override readonly name = 'HubLockedError'
}

/** What the file system refused, as a sentence; anything else as it is. */
export function explainFileError(error: unknown, dataDir: string): unknown {
  const explain = (sentence: string) => new EmbeddedPostgresError(sentence, { cause: error })
  if (hasErrnoCode(error, 'ENOSPC', 'EDQUOT')) {
    return explain(`The disk that holds ${dataDir} is full: the database needs at least 150 MB there.`)
  }
  if (hasErrnoCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    const reason = error instanceof Error ? error.message : String(error)
    return explain(`The data folder ${dataDir} cannot be used by the user that the hub runs as (${reason}).`)
  }
  return error
}

export function hasErrnoCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
