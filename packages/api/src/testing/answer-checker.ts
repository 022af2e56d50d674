import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { createOpenApiDocument } from '../openapi/create-openapi-document.ts'
import { restOperations, type RestOperation } from '../rest/rest-operation.ts'

/** One answer of the REST API, as a client saw it. */
export interface SeenAnswer {
  readonly method: string
  /** Without the query string. */
  readonly path: string
  readonly status: number
  /** The parsed JSON body, or the text of what is no JSON. */
  readonly body: unknown
}

/** What the hub around the operations says by itself; the document names it nowhere. */
const codesOfTheHub = new Set([
  'route.not_found',
  'route.method_not_allowed',
  'request.target_not_canonical',
  'request.media_type',
  'request.malformed_json',
  'request.too_large',
  'request.timeout',
  'request.rate_limited',
])

/**
 * Compares answers with the OpenAPI document: status, body field by field, and that an error's code is one that the
 * operation documents. Answers what is wrong in a sentence, or null. For the tests' kits, which ask it of every answer.
 */
export function createAnswerChecker(): (answer: SeenAnswer) => string | null {
  const document = createOpenApiDocument({ serverUrl: 'http://localhost', version: '0.0.0' })
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema(document, 'document')
  const compiled = new Map<string, ValidateFunction>()

  function validate(pointer: string, value: unknown): string | null {
    const check = compiled.get(pointer) ?? ajv.compile({ $ref: `document#${pointer}` })
    compiled.set(pointer, check)
    return check(value) ? null : ajv.errorsText(check.errors)
  }

  return ({ method, path, status, body }) => {
    const found = findOperation(method, path)
    // A download is text of any kind.
    if (found?.stream !== undefined && status === 200) return typeof body === 'string' ? null : 'no text'
    const fault =
      found === undefined || isOfTheHub(body)
        ? validate('/components/schemas/Error', body)
        : checkDocumented(document, { operation: found, status, body }, validate)
    return fault === null ? null : `${method} ${path} ${status} is not as documented: ${fault}`
  }
}

interface Documented {
  readonly operation: RestOperation
  readonly status: number
  readonly body: unknown
}

function checkDocumented(
  { paths = {} }: ReturnType<typeof createOpenApiDocument>,
  { operation, status, body }: Documented,
  validate: (pointer: string, value: unknown) => string | null,
): string | null {
  const path = operation.path.replaceAll(/:(\w+)/g, '{$1}')
  const method = operation.method.toLowerCase() as Lowercase<RestOperation['method']>
  const response: unknown = paths[path]?.[method]?.responses?.[`${status as 200}`]
  if (response === undefined) return `the status is not among them (${JSON.stringify(body)})`
  const escaped = path.replaceAll('/', '~1')
  const schema = `/paths/${escaped}/${method}/responses/${status}/content/application~1json/schema`
  return validate(schema, body) ?? (status < 400 ? null : checkCode(response, body))
}

function checkCode(response: unknown, body: unknown): string | null {
  const { code } = body as { readonly code: string }
  return JSON.stringify(response).includes(`\`${code}\``) ? null : `the code ${code} is not among them`
}

function isOfTheHub(body: unknown): boolean {
  const { code } = Object(body) as { readonly code?: unknown }
  return typeof code === 'string' && codesOfTheHub.has(code)
}

const patterns = restOperations.map(
  (operation) =>
    [
      operation,
      new RegExp(`^${operation.path.replaceAll(/:\w+/g, '[^/]+').replaceAll('.', '\\.')}$`),
    ] as const,
)

function findOperation(method: string, path: string): RestOperation | undefined {
  const matching = patterns.filter(
    ([operation, pattern]) => operation.method === method && pattern.test(path),
  )
  // A fixed address goes before one with a parameter, as it does in the hub.
  const exact = matching.find(([operation]) => operation.path === path)
  return (exact ?? matching[0])?.[0]
}
