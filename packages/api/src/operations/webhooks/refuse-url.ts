import type { AppError } from '@private-connect/errors'
import { invalidRequest } from '../../errors/to-api-error.ts'

/** For a URL that the hub would not call (SSRF-01, -02, -06), so that a mistake shows at once; sending checks again. */
export function refusedUrl(): AppError {
  const message =
    'The hub does not call this address. It calls public addresses by https, and private ones only where its operator lists them in ALLOW_PRIVATE_TARGETS'
  return invalidRequest([{ path: 'url', message }])
}
