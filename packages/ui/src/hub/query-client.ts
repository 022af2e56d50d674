import { QueryClient } from '@tanstack/react-query'
import { describeFailure } from './hub-client.ts'

/** Failures that another try would only repeat. */
const isFinal = (error: unknown): boolean => describeFailure(error).code !== null

/** What was read of one hub by one account. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retry: (count, error) => count < 2 && !isFinal(error),
      },
      mutations: { retry: false },
    },
  })
}
