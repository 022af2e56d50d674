import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field } from '../components/field.tsx'
import { ListState } from '../components/list-state.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'

interface KeyRangesDialogProps {
  readonly id: string
  readonly name: string
  readonly onClose: () => void
}

export function KeyRangesDialog({ id, name, onClose }: KeyRangesDialogProps) {
  const hub = useHub()
  const query = useQuery({ queryKey: ['keys', id], queryFn: async () => hub.apiKeys.get.query({ id }) })
  return (
    <Dialog title={`Limit “${name}” to addresses`} isOpen onClose={onClose}>
      <ListState query={query} isEmpty={false} empty={null}>
        <RangesForm id={id} ranges={query.data?.allowedIpRanges ?? []} onClose={onClose} />
      </ListState>
    </Dialog>
  )
}

interface RangesFormProps {
  readonly id: string
  readonly ranges: readonly string[]
  readonly onClose: () => void
}

function RangesForm({ id, ranges, onClose }: RangesFormProps) {
  const hub = useHub()
  const [text, setText] = useState(ranges.join('\n'))
  const save = useAction({
    changes: ['keys'],
    fields: ['allowedIpRanges'],
    run: async () =>
      hub.apiKeys.setIpRestrictions.mutate({
        id,
        allowedIpRanges: text.split(/[\s,]+/).filter((range) => range !== ''),
      }),
    done: () => {
      onClose()
      return 'Saved. It holds from the next request on.'
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(save.error)}>
      <Field
        label="Only from these addresses"
        name="allowedIpRanges"
        rows={4}
        placeholder={'10.0.0.0/8\n2001:db8::/32'}
        hint="One a line. Empty: from anywhere."
        value={text}
        onChange={setText}
      />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={save.isPending}>
          Save
        </Button>
      </div>
    </Form>
  )
}
