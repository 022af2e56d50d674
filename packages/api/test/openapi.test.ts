// Guarantee: /openapi.json is a valid OpenAPI 3.1 document that names every operation, and every documented
// example is what its own schema takes and what the contracts take.
import { Validator } from '@seriousme/openapi-schema-validator'
import { errorTable, type ErrorCode } from '@private-connect/errors'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createOpenApiDocument, restOperations } from '../src/index.ts'
import { pathParametersOf } from './kit/test-api.ts'

const document = createOpenApiDocument({ serverUrl: 'https://hub.example.com', version: '1.2.3' })

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const result = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)
    expect(result.errors ?? []).toEqual([])
    expect(result.valid).toBe(true)
    expect(document.openapi).toBe('3.1.0')
  })

  it('names each operation once, with its path, method and parameters', () => {
    expect(new Set(restOperations.map(({ id }) => id)).size).toBe(restOperations.length)
    expect(new Set(restOperations.map(({ method, path }) => `${method} ${path}`)).size).toBe(
      restOperations.length,
    )
    for (const operation of restOperations) {
      const described = describedAs(operation)
      expect(described.operationId).toBe(operation.id)
      const inPath = (described.parameters ?? []).filter(
        (parameter) => 'in' in parameter && parameter.in === 'path',
      )
      expect(inPath.map((parameter) => 'name' in parameter && parameter.name)).toEqual(
        pathParametersOf(operation),
      )
    }
  })

  it('has no reference that leads nowhere', () => {
    const text = JSON.stringify(document)
    const names = new Set(text.match(/(?<="#\/components\/schemas\/)[^"]+/g))
    expect(names.size).toBeGreaterThan(3)
    for (const name of names) expect(document.components?.schemas).toHaveProperty(name)
  })

  it('documents an error answer for each error that an operation names, with our body', () => {
    for (const operation of restOperations) {
      const { responses = {} } = describedAs(operation)
      for (const code of ['request.invalid', 'internal', ...(operation.errors ?? [])] as ErrorCode[]) {
        const { status } = errorTable[code]
        expect(JSON.stringify(responses[status])).toContain(`"code":"${code}"`)
      }
      expect((describedAs(operation).security ?? []).length > 0).toBe(operation.access !== 'public')
    }
  })
})

describe.each(restOperations.map((operation) => [operation.id, operation] as const))(
  '%s',
  (_id, operation) => {
    const { example, input, output, list, stream, method, status } = operation

    it('takes its own example', () => {
      expect(input.safeParse(example.input ?? {}).error?.issues ?? []).toEqual([])
    })

    it('answers with what its example shows, field by field', () => {
      const whole = stream === undefined ? output : z.string()
      const page = list === undefined ? whole : (output as z.ZodObject).shape['items']
      const shown =
        list === undefined || list.field === null ? example.output : (example.output as never)[list.field]
      const schema = page as z.ZodType
      expect(schema.safeParse(shown).error?.issues ?? []).toEqual([])
      // An object schema drops what it does not know: what comes back must be all of the example.
      expect(schema.parse(shown)).toEqual(shown)
    })

    it('shows the example and the status in the document', () => {
      const described = describedAs(operation)
      const success = (described.responses ?? {})[status] as { content: Record<string, { example: unknown }> }
      expect(success.content[stream?.mediaTypes[0] ?? 'application/json']?.example).toEqual(example.output)
      expect(described.requestBody === undefined).toBe(method === 'GET' || !hasBody(operation))
    })
  },
)

function hasBody(operation: (typeof restOperations)[number]): boolean {
  return Object.keys(operation.input.shape).some((name) => !pathParametersOf(operation).includes(name))
}

function describedAs({ path, method }: (typeof restOperations)[number]) {
  const item = document.paths?.[path.replaceAll(/:(\w+)/g, '{$1}')]
  const key = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
  const described = item?.[key]
  if (described === undefined || '$ref' in described)
    throw new Error(`${method} ${path} is not in the document`)
  return described
}
