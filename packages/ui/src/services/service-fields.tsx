import type { Service } from '@private-connect/api/contracts'
import { Choice } from '../components/choice.tsx'
import { Field } from '../components/field.tsx'
import { engines, type Engine } from '../queries/engines.ts'

export interface ServiceDraft {
  readonly name: string
  readonly targetHost: string
  readonly targetPort: string
  readonly speech: Speech
}

/** What the target speaks, as one choice: a web protocol, other TCP, or a database by its name. */
export type Speech = Service['protocol'] | Engine

const speeches: ReadonlyArray<readonly [Speech, string]> = [
  ['auto', 'Find out (http, https, or a database by its port)'],
  ['http', 'http'],
  ['https', 'https'],
  ...Object.entries(engines).map(([engine, { name }]) => [engine as Engine, name] as const),
  ['tcp', 'Other TCP'],
]

interface ServiceFieldsProps {
  readonly draft: ServiceDraft
  readonly onChange: (draft: ServiceDraft) => void
}

/** Where a service leads and what it speaks. */
export function ServiceFields({ draft, onChange }: ServiceFieldsProps) {
  const field = (name: 'name' | 'targetHost' | 'targetPort') => ({
    name,
    value: draft[name],
    onChange: (value: string) => onChange({ ...draft, [name]: value.trim() }),
    isRequired: true,
  })
  return (
    <>
      <Field label="Name" hint="Letters, digits, - and _" {...field('name')} />
      <Field
        label="Host"
        placeholder="db.internal"
        hint="Without http:// and path"
        {...field('targetHost')}
      />
      <Field label="Port" inputMode="numeric" placeholder="5432" {...field('targetPort')} />
      <Choice
        label="It speaks"
        value={draft.speech}
        options={speeches}
        onChange={(speech) => onChange({ ...draft, speech })}
      />
    </>
  )
}
