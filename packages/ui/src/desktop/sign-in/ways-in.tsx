import { LogIn } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Disclosure, DisclosurePanel, Form, Heading } from 'react-aria-components'
import { Button } from '../../components/button.tsx'
import { DisclosureTrigger } from '../../components/disclosure-trigger.tsx'
import { Field } from '../../components/field.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'

/** By the browser, or by an API key. */
export function WaysIn() {
  const signIn = useDesktopAction('account:sign-in')
  return (
    <>
      <Button look="main" onPress={() => signIn.mutate(undefined)} isDisabled={signIn.isPending}>
        <LogIn aria-hidden size={16} /> {signIn.isPending ? 'Asking the hub …' : 'Sign in with the browser'}
      </Button>
      <p className="hint">A page of the hub opens and asks whether to let this computer in.</p>
      <Disclosure className="disclosure">
        <Heading level={2}>
          <DisclosureTrigger>Use an API key instead</DisclosureTrigger>
        </Heading>
        <DisclosurePanel>
          <KeyForm />
        </DisclosurePanel>
      </Disclosure>
    </>
  )
}

function KeyForm() {
  const [apiKey, setApiKey] = useState('')
  const signIn = useDesktopAction('account:sign-in-with-key', { isFailureShown: true })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ apiKey: apiKey.trim() })
  }
  return (
    <Form onSubmit={submit} validationBehavior="aria">
      <Field
        label="API key"
        name="apiKey"
        type="password"
        autoComplete="off"
        placeholder="pc_live_…"
        hint="It can do all but manage keys and sessions."
        value={apiKey}
        onChange={setApiKey}
        isRequired
        maxLength={256}
        problem={signIn.error?.message}
      />
      <Button type="submit" isDisabled={signIn.isPending || apiKey.trim() === ''}>
        {signIn.isPending ? 'Trying it …' : 'Sign in with the key'}
      </Button>
    </Form>
  )
}
