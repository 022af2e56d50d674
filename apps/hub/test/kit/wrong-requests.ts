import type { RestOperation } from '@private-connect/api'
import fc from 'fast-check'

/** A request that is wrong in one known way, as bytes would travel. */
export interface WrongRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export interface Surroundings {
  /** Ids of another workspace by the parameter's place: `services`, `shares`, `agents`, `api-keys`, `shared`. */
  readonly foreignIds: readonly string[]
}

const hostileTexts = [
  '\0',
  '\ud800',
  '../../etc/passwd',
  "'; DROP TABLE shares; --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  '\u202e\u0000',
  'x'.repeat(6000),
  '__proto__',
  'constructor',
]
const json = { 'content-type': 'application/json' }
const hostileText = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', minLength: 1 }))

/** No field of the API takes an object of such fields, nor this deep a list. */
const wrongValue = fc.oneof(
  fc.dictionary(hostileText, fc.jsonValue({ maxDepth: 4 }), { minKeys: 1, maxKeys: 3 }),
  fc.array(fc.array(hostileText, { minLength: 1 }), { minLength: 1, maxLength: 150 }),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, -1.5, 1e300),
)

/** Names that no operation has. */
const unknownField = fc.oneof(
  fc.constantFrom('workspaceId', 'tokenHash', 'createdBy', 'accessCount', 'api_key'),
  fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `no such field ${text}`),
)

export function wrongRequests(operation: RestOperation, around: Surroundings): fc.Arbitrary<WrongRequest> {
  const path = pathOf(operation, fc.constantFrom('x', ...around.foreignIds))
  const strange = pathOf(operation, hostileText)
  if (operation.method === 'GET') {
    const query = fc.tuple(unknownField, hostileText).map(([name, value]) => encodeQuery(name, value))
    return fc.oneof(
      fc.tuple(path, query).map(([to, more]) => requestOf(operation, `${to}?${more}`)),
      fc.tuple(strange, query).map(([to, more]) => requestOf(operation, `${to}?${more}`)),
    )
  }
  return fc.oneof(
    fc
      .tuple(fc.oneof(path, strange), wrongBody(operation))
      .map(([to, sent]) => Object.assign(requestOf(operation, to), sent)),
    fc.tuple(path, unknownField).map(([to, name]) => requestOf(operation, `${to}?${encodeQuery(name, 'x')}`)),
  )
}

function wrongBody(operation: RestOperation): fc.Arbitrary<Pick<WrongRequest, 'headers' | 'body'>> {
  const example = JSON.stringify(operation.example.input ?? {})
  const asJson = (value: unknown) => ({ headers: json, body: JSON.stringify(value) })
  const withField = (name: string, value: unknown) =>
    asJson(Object.assign(Object.create(null) as object, operation.example.input, { [name]: value }))
  const known = Object.keys(operation.input.shape)
  return fc.oneof(
    fc.tuple(unknownField, fc.jsonValue({ maxDepth: 5 })).map(([name, value]) => withField(name, value)),
    fc
      .tuple(fc.constantFrom(...known, 'workspaceId'), wrongValue)
      .map(([name, value]) => asJson({ [name]: value, workspaceId: 'ws_1' })),
    fc.constantFrom<unknown>([], [{}], 'text', 7, true).map(asJson),
    fc.constantFrom('', 'x', '{', '[', '"', '\u{feff}').map((rest) => ({
      headers: json,
      body: `${example}${rest === '' ? '}' : rest}`,
    })),
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => ({
      headers: json,
      body: Uint8Array.from([0xff, ...bytes]),
    })),
    fc.constantFrom('text/plain', 'application/xml', 'multipart/form-data; boundary=x').map((type) => ({
      headers: { 'content-type': type },
      body: example,
    })),
    fc.constantFrom('gzip', 'br', 'deflate', 'zstd').map((encoding) => ({
      headers: { ...json, 'content-encoding': encoding },
      body: example,
    })),
  )
}

function requestOf({ method }: RestOperation, path: string): WrongRequest {
  return { method, path, headers: {} }
}

function pathOf({ path }: RestOperation, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return value.map((text) => path.replaceAll(/:\w+/g, encodeURIComponent(text.toWellFormed())))
}

function encodeQuery(name: string, value: string): string {
  return `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`
}
