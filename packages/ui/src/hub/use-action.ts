import { useMutation, useQueryClient } from '@tanstack/react-query'
import { notify } from '../components/notices.tsx'
import { describeFailure } from './hub-client.ts'

interface ActionOptions<Input, Output> {
  readonly run: (input: Input) => Promise<Output>
  /** Lists that the action changes: the first part of their query keys. */
  readonly changes: readonly string[]
  /** May answer a sentence for the person. */
  readonly done?: (output: Output, input: Input) => string | void
  /** The caller shows what failed, beside the field that it belongs to. */
  readonly isFailureShown?: boolean
}

/** Something that a person does: lists that it changes are read again, failures are told. */
export function useAction<Output, Input = void>(options: ActionOptions<Input, Output>) {
  const { run, changes, done, isFailureShown = false } = options
  const queries = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSuccess: async (output, input) => {
      await Promise.all(changes.map(async (key) => queries.invalidateQueries({ queryKey: [key] })))
      const sentence = done?.(output, input)
      if (typeof sentence === 'string') notify(sentence)
    },
    onError: (error) => (isFailureShown ? undefined : notify(describeFailure(error).sentence, 'bad')),
  })
}
