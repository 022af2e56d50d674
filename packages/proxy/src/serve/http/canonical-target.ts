import type { ErrorCode } from '@private-connect/errors'

/** A path that every upstream reads the same way, however often it decodes. */
export interface CanonicalPath {
  /** The raw bytes of the path, as they are forwarded. */
  readonly path: string
  /** Decoded once; what patterns are matched with. Empty unless the share restricts paths. */
  readonly segments: readonly string[]
}

const targetLengthMax = 10_240
const segmentsMax = 500
const decodesMax = 3

/**
 * 0 plain · 1 a dot, which only matters as a segment · 2 needs the slow way (`%`, `;`, `\`, bytes above ASCII) · 3 never
 * allowed in a path.
 */
const kindOf = new Uint8Array(256).map((_, code) => {
  if (code <= 0x20 || code === 0x7f) return 3
  if (code >= 0x80 || '%;\\'.includes(String.fromCharCode(code))) return 2
  return code === 0x2e ? 1 : 0
})

/**
 * Reads the origin-form target that belongs to the shared app; the only way to do so for path form, subdomain form,
 * HTTP and WebSocket (CASES §0). What is forwarded is `target` itself, never anything rebuilt from this result.
 * Answers an error code instead of throwing: refusals must be cheap.
 */
export function readCanonicalTarget(target: string, isRestricted: boolean): CanonicalPath | ErrorCode {
  if (target.length > targetLengthMax) return 'request.target_too_long'
  if (target.charCodeAt(0) !== 47 || target.includes('#')) return 'request.target_not_canonical'
  const query = target.indexOf('?')
  if (hasControl(target, query)) return 'request.target_not_canonical'
  const path = query < 0 ? target : target.slice(0, query)
  const kind = worstKind(path)
  if (kind === 3 || !isSafe(path, kind)) return 'request.target_not_canonical'
  if (!isRestricted) return { path, segments: [] }
  return readRestricted(path, kind)
}

function readRestricted(path: string, kind: number): CanonicalPath | ErrorCode {
  const decoded = kind < 2 ? path : decodeUnambiguous(path)
  if (decoded === null || decoded.includes('//')) return 'request.target_not_canonical'
  const segments = decoded.slice(1).split('/')
  return segments.length > segmentsMax ? 'request.target_too_long' : { path, segments }
}

function worstKind(text: string): number {
  let worst = 0
  for (let at = 0; at < text.length; at += 1) {
    const kind = kindOf[text.charCodeAt(at)] ?? 3
    if (kind > worst) worst = kind
  }
  return worst
}

function hasControl(text: string, from: number): boolean {
  if (from < 0) return false
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code <= 0x20 || code === 0x7f || code > 0xff) return true
  }
  return false
}

const malformedPercent = /%(?![0-9a-f]{2})/i
const encodedControl = /%(?:[01][0-9a-f]|7f)/i
const backslash = /\\|%5c/i

/** What holds for every share: no dot segment however it is spelled, no backslash, no control byte, no broken percent. */
function isSafe(path: string, kind: number): boolean {
  if (kind < 2) return kind === 0 || !hasDotSegment(path)
  if (malformedPercent.test(path) || encodedControl.test(path) || backslash.test(path)) return false
  let text = path
  for (let decodes = 0; ; decodes += 1) {
    if (hasDotSegment(text)) return false
    if (decodes === decodesMax || !text.includes('%')) return true
    text = decodeBytes(text)
  }
}

/** Some upstreams strip `;params` before they resolve dot segments, some take a backslash for a slash. */
function hasDotSegment(text: string): boolean {
  return text.includes('.') && /(?:^|[/\\])\.\.?(?:;[^/\\]*)?(?=[/\\]|$)/.test(text)
}

/** One round of percent-decoding to bytes (as a latin1 string); what is malformed on an inner level stays as it is. */
function decodeBytes(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

const separator = /[/\\;]/g

/**
 * The path decoded once as UTF-8, or null where upstreams might not agree on its segments: an encoded separator on any
 * level, `;`, bytes that are not UTF-8, or characters that become a separator, a dot or a percent under NFKC.
 */
function decodeUnambiguous(path: string): string | null {
  const slashes = path.match(separator)?.length ?? 0
  let text = path
  for (let decodes = 0; decodes < decodesMax && text.includes('%'); decodes += 1) {
    text = decodeBytes(text)
    if ((text.match(separator)?.length ?? 0) !== slashes) return null
  }
  if (path.includes(';')) return null
  return decodeText(path.includes('%') ? decodeBytes(path) : path)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const special = /[./\\;%]/g

function decodeText(bytes: string): string | null {
  let text: string
  try {
    text = utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    // Not UTF-8: an upstream would guess, and could guess a separator.
    return null
  }
  const folded = text.normalize('NFKC')
  return (folded.match(special)?.length ?? 0) > (text.match(special)?.length ?? 0) ? null : text
}
