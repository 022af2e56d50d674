import { isDeepStrictEqual } from 'node:util'
import superjson from 'superjson'
import { restOperations } from '../rest/rest-operation.ts'

/** One answer to a call that was not batched. */
export interface SeenTrpcAnswer {
  /** Such as `shares.create`. */
  readonly procedure: string
  /** The parsed JSON body. */
  readonly body: unknown
}

interface TrpcBody {
  readonly result?: { readonly data?: Parameters<typeof superjson.deserialize>[0] }
}

/**
 * Compares tRPC's answers with the output schemas that the OpenAPI document is made from: no field is missing, wrong or
 * one too many. Answers what is wrong in a sentence, or null; what is no success of an operation is not looked at.
 */
export function findTrpcFault({ procedure, body }: SeenTrpcAnswer): string | null {
  const operation = restOperations.find(({ id }) => id === procedure)
  const serialized = (Object(body) as TrpcBody).result?.data
  if (operation === undefined || serialized === undefined) return null
  const data: unknown = superjson.deserialize(serialized)
  const parsed = operation.output.safeParse(data)
  if (!parsed.success) return `${procedure} over tRPC is not as its contract says: ${parsed.error.message}`
  return isDeepStrictEqual(parsed.data, data)
    ? null
    : `${procedure} over tRPC has fields that its contract has not`
}
