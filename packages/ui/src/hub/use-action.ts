import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { notify } from '../components/notices.tsx'
import { areBesideFields } from './field-errors.ts'
import { describeFailure } from './hub-client.ts'

interface ActionOptions<Input, Output> {
  readonly run: (input: Input) => Promise<Output>
  /** Lists that the action changes: the first part of their query keys. */
  readonly changes: readonly string[]
  /** May answer a sentence for the person. */
  readonly done?: (output: Output, input: Input) => string | void
  /** The caller shows what failed, beside the field that it belongs to. */
  readonly isFailureShown?: boolean
  /** Names of the form's fields: what is wrong with them is said beside them, and not once more. */
  readonly fields?: readonly string[]
}

/** Something that a person does: lists that it changes are read again, failures are told. */
export function useAction<Output, Input = void>(options: ActionOptions<Input, Output>) {
  const { run, changes, done, isFailureShown = false, fields = [] } = options
  const queries = useQueryClient()
  const takeBack = useRef<() => void>(undefined)
  return useMutation({
    mutationFn: run,
    // The next try is what counts: the failure of the last one would stand beside its success.
    onMutate: () => takeBack.current?.(),
    onSuccess: async (output, input) => {
      await Promise.all(changes.map(async (key) => queries.invalidateQueries({ queryKey: [key] })))
      const sentence = done?.(output, input)
      if (typeof sentence === 'string') notify(sentence)
    },
    onError: (error) => {
      if (isFailureShown || areBesideFields(error, fields)) return
      takeBack.current = notify(describeFailure(error).sentence, 'bad')
    },
  })
}
