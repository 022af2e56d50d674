import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import type { Target } from './tell-port.ts'

const portMax = 65_535

interface OtherPortProps {
  readonly isBusy: boolean
  readonly onShare: (target: Target) => void
  readonly onOptions: (target: Target) => void
}

/** A port that is not in the list: of another host that this computer reaches, or of an ignored process. */
export function OtherPort({ isBusy, onShare, onOptions }: OtherPortProps) {
  const [draft, setDraft] = useState({ port: '', host: '127.0.0.1' })
  const port = Number(draft.port)
  const isSound = port >= 1 && port <= portMax && draft.host.trim() !== ''
  const target = { port, host: draft.host.trim(), title: `Port ${port}`, isDatabase: false }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSound) onShare(target)
  }
  return (
    <section className="section" aria-labelledby="other-port-title">
      <h2 id="other-port-title">Other port</h2>
      <Form onSubmit={submit} className="row row-bottom other-port">
        <Field
          label="Port"
          inputMode="numeric"
          placeholder="3000"
          value={draft.port}
          onChange={(text) => setDraft({ ...draft, port: text.replaceAll(/\D/g, '').slice(0, 5) })}
          isRequired
        />
        <Field
          label="Host"
          placeholder="127.0.0.1"
          value={draft.host}
          onChange={(host) => setDraft({ ...draft, host })}
          isRequired
          maxLength={253}
        />
        <Button type="submit" isDisabled={isBusy || !isSound}>
          Share
        </Button>
        <Button look="quiet" isDisabled={!isSound} onPress={() => onOptions(target)}>
          With options …
        </Button>
      </Form>
    </section>
  )
}
