import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { ListState } from '../components/list-state.tsx'
import { Toggle } from '../components/toggle.tsx'
import { useHub } from '../hub/hub-context.tsx'
import type { HubClient } from '../hub/hub-client.ts'
import { useAction } from '../hub/use-action.ts'

type Workspace = Awaited<ReturnType<HubClient['workspace']['get']['query']>>
type Changes = Parameters<HubClient['workspace']['update']['mutate']>[0]

export function WorkspaceSection() {
  const hub = useHub()
  const query = useQuery({ queryKey: ['workspace'], queryFn: async () => hub.workspace.get.query({}) })
  return (
    <section className="section" aria-labelledby="workspace-title">
      <h2 id="workspace-title">Workspace</h2>
      <ListState query={query} isEmpty={false} empty={null}>
        {query.data === undefined ? null : <WorkspaceForm workspace={query.data} />}
      </ListState>
    </section>
  )
}

function WorkspaceForm({ workspace }: { readonly workspace: Workspace }) {
  const hub = useHub()
  const save = useAction({
    changes: ['workspace', 'me'],
    run: async (changes: Changes) => hub.workspace.update.mutate(changes),
    done: () => 'Saved.',
  })
  const { policy, showsBranding, name } = workspace
  return (
    <>
      <Rename key={name} name={name} onRename={(next) => save.mutate({ name: next })} />
      <Toggle
        text="Shared pages carry a small bar that says who shares them"
        isOn={showsBranding}
        onChange={(isOn) => save.mutate({ showsBranding: isOn })}
      />
      <Toggle
        text="Shares may be made that never expire"
        isOn={policy.allowsNeverExpiring}
        onChange={(isOn) => save.mutate({ policy: { allowsNeverExpiring: isOn } })}
      />
      <Toggle
        text="Shared databases can only be read, whatever a share says"
        isOn={policy.databasesReadOnly}
        onChange={(isOn) => save.mutate({ policy: { databasesReadOnly: isOn } })}
      />
      <Toggle
        text="Share info, which is public, hides the target's host and port"
        isOn={policy.hideTarget}
        onChange={(isOn) => save.mutate({ policy: { hideTarget: isOn } })}
      />
    </>
  )
}

interface RenameProps {
  readonly name: string
  readonly onRename: (name: string) => void
}

function Rename({ name, onRename }: RenameProps) {
  const [draft, setDraft] = useState(name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onRename(draft.trim())
  }
  return (
    <Form onSubmit={submit} className="row row-bottom">
      <Field
        label="Name"
        hint="Visitors see it."
        value={draft}
        onChange={setDraft}
        isRequired
        minLength={2}
        maxLength={50}
      />
      <Button type="submit" isDisabled={draft.trim() === name}>
        Rename
      </Button>
    </Form>
  )
}
