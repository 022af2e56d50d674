import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { isReadableOnItsWay } from './is-local-link.ts'
import { useDesktopAction } from './use-desktop-action.ts'

interface HubAddressProps {
  readonly hubUrl: string
  /** What changing it costs. */
  readonly warning?: string
}

/** Which hub it is; another one is asked whether it is a hub before it takes its place. */
export function HubAddress({ hubUrl, warning }: HubAddressProps) {
  const [isChanging, setIsChanging] = useState(false)
  if (isChanging) return <ChangeHub hubUrl={hubUrl} warning={warning} onClose={() => setIsChanging(false)} />
  return (
    <>
      <div className="row hub-address">
        <span>
          <span className="soft">Hub</span> <code className="wrap">{hubUrl}</code>
        </span>
        <Button look="quiet" onPress={() => setIsChanging(true)}>
          Change the hub
        </Button>
      </div>
      {isReadableOnItsWay(hubUrl) ? (
        <p className="callout callout-late">
          The way to this hub is not encrypted: others on it can read how you sign in, and what visitors see.
          Use its https address if it has one.
        </p>
      ) : null}
    </>
  )
}

interface ChangeHubProps {
  readonly hubUrl: string
  readonly warning: string | undefined
  readonly onClose: () => void
}

function ChangeHub({ hubUrl, warning, onClose }: ChangeHubProps) {
  const [draft, setDraft] = useState(hubUrl)
  const form = useRef<HTMLFormElement>(null)
  // What was pressed to come here is gone, and the focus with it.
  useEffect(() => form.current?.querySelector('input')?.select(), [])
  const change = useDesktopAction('hub:change', {
    isFailureShown: true,
    done: () => {
      onClose()
      return 'That is a hub. The app uses it now.'
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ hubUrl: draft.trim() })
  }
  return (
    <Form ref={form} onSubmit={submit} validationBehavior="aria">
      <Field
        label="Address of the hub"
        name="hubUrl"
        inputMode="url"
        placeholder="https://hub.example.com"
        {...(warning !== undefined && { hint: warning })}
        value={draft}
        onChange={setDraft}
        isRequired
        maxLength={2048}
        problem={change.error?.message}
      />
      <div className="row">
        <Button type="submit" isDisabled={change.isPending || ['', hubUrl].includes(draft.trim())}>
          {change.isPending ? 'Asking it …' : 'Use this hub'}
        </Button>
        <Button look="quiet" onPress={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  )
}
