import superjson, { type SuperJSONResult } from 'superjson'

/**
 * superjson, which will not write an object with a key such as `constructor`. What a database answers may have any; it is plain
 * JSON, which superjson's readers take as it is.
 */
export const transformer = {
  serialize(value: unknown): SuperJSONResult {
    try {
      return superjson.serialize(value)
    } catch {
      return { json: value as SuperJSONResult['json'] }
    }
  },
  deserialize: (payload: SuperJSONResult): unknown => superjson.deserialize(payload),
}
