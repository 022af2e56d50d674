import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Choice } from '../components/choice.tsx'
import { Field } from '../components/field.tsx'
import { ListState } from '../components/list-state.tsx'
import { Toggle } from '../components/toggle.tsx'
import { useHub } from '../hub/hub-context.tsx'
import type { HubClient } from '../hub/hub-client.ts'
import { useAction } from '../hub/use-action.ts'
import { longestShareChoices, longestShareKey, toLongestShare } from './longest-share.ts'

type Workspace = Awaited<ReturnType<HubClient['workspace']['get']['query']>>
type Changes = Parameters<HubClient['workspace']['update']['mutate']>[0]

interface PartProps {
  readonly workspace: Workspace
  readonly onChange: (changes: Changes) => void
}

/** What holds for the whole workspace. Each switch saves by itself. */
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
  const parts = { workspace, onChange: (changes: Changes) => save.mutate(changes) }
  return (
    <>
      <Rename key={workspace.name} name={workspace.name} onRename={(name) => save.mutate({ name })} />
      <Rules {...parts} />
      <Mails {...parts} />
    </>
  )
}

function Rules({ workspace: { policy, showsBranding }, onChange }: PartProps) {
  const { maxExpirySeconds, allowsNeverExpiring, databasesReadOnly, hideTarget } = policy
  return (
    <>
      <h3>What shares may do</h3>
      <div className="narrow">
        <Choice
          label="New shares live at most"
          value={longestShareKey(maxExpirySeconds)}
          options={longestShareChoices(maxExpirySeconds)}
          onChange={(key) => onChange({ policy: { maxExpirySeconds: toLongestShare(key) } })}
        />
      </div>
      {maxExpirySeconds === null ? (
        <Toggle
          text="A share may be made that never ends"
          isOn={allowsNeverExpiring}
          onChange={(isOn) => onChange({ policy: { allowsNeverExpiring: isOn } })}
        />
      ) : null}
      <Toggle
        text="Shared databases can only be read, whatever a share says"
        isOn={databasesReadOnly}
        onChange={(isOn) => onChange({ policy: { databasesReadOnly: isOn } })}
      />
      <Toggle
        text="Visitors are not told the host and port behind a share"
        isOn={hideTarget}
        onChange={(isOn) => onChange({ policy: { hideTarget: isOn } })}
      />
      <Toggle
        text="Shared pages carry a small bar that says who shares them"
        isOn={showsBranding}
        onChange={(isOn) => onChange({ showsBranding: isOn })}
      />
    </>
  )
}

function Mails({ workspace: { mailAlerts }, onChange }: PartProps) {
  return (
    <>
      <h3>Mails to the owners</h3>
      <Toggle
        text="When a machine is away for more than two minutes, and when it is back"
        isOn={mailAlerts.agentOffline}
        onChange={(isOn) => onChange({ mailAlerts: { agentOffline: isOn } })}
      />
      <Toggle
        text="A day before a share ends, if it lives for more than a day"
        isOn={mailAlerts.shareExpiring}
        onChange={(isOn) => onChange({ mailAlerts: { shareExpiring: isOn } })}
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
