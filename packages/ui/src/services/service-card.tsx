import { useState } from 'react'
import { knownEngine, type CreatedShare, type Service } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { tellPast } from '../components/time.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { NewLinkDialog } from '../shares/new-link-dialog.tsx'
import { NewShareDialog } from '../shares/new-share-dialog.tsx'
import { ChangeServiceDialog } from './change-service-dialog.tsx'
import { CheckReport } from './check-report.tsx'
import { describeSpeech, describeStatus } from './describe-service.ts'
import { LoginDialog } from './login-dialog.tsx'

interface ServiceCardProps {
  readonly service: Service
  /** The machine that it is on; null for one that the hub reaches itself, undefined while it is not known. */
  readonly agentName: string | null | undefined
  readonly nowMs: number
}

export function ServiceCard({ service, agentName, nowMs }: ServiceCardProps) {
  const { name, targetHost, targetPort, status, isExternal, hasCredentials, lastCheckedAt } = service
  const [tone, word] = describeStatus(status)
  return (
    <>
      <span className="card-head">
        <strong>{name}</strong>
        <Badge tone={tone}>{word}</Badge>
      </span>
      <span className="card-facts">
        <code>{`${targetHost}:${targetPort}`}</code>
        <span>{describeSpeech(service)}</span>
        <span>{isExternal ? 'reached by the hub itself' : `on ${agentName ?? 'a machine'}`}</span>
        {hasCredentials ? <span>has a database login</span> : null}
        {lastCheckedAt === null ? null : <span>checked {tellPast(lastCheckedAt, nowMs)}</span>}
      </span>
      <ServiceActions service={service} />
    </>
  )
}

type Asked = 'share' | 'change' | 'login' | 'delete' | null

function ServiceActions({ service }: { readonly service: Service }) {
  const hub = useHub()
  const [asked, setAsked] = useState<Asked>(null)
  const close = () => setAsked(null)
  const { id, name } = service
  const check = useAction({ changes: ['services'], run: async () => hub.services.check.mutate({ id }) })
  const remove = useAction({
    changes: ['services', 'shares'],
    run: async () => hub.services.delete.mutate({ id }),
    done: () => `${name} is deleted.`,
  })
  return (
    <>
      <div className="row">
        <Button onPress={() => setAsked('share')}>Share it</Button>
        <Button onPress={() => check.mutate()} isDisabled={check.isPending}>
          {check.isPending ? 'Checking …' : 'Check now'}
        </Button>
        <Button onPress={() => setAsked('change')}>Change</Button>
        {knownEngine(service) === null ? null : (
          <Button onPress={() => setAsked('login')}>Database login</Button>
        )}
        <Button look="quiet" onPress={() => setAsked('delete')}>
          Delete
        </Button>
      </div>
      {check.data === undefined ? null : <CheckReport check={check.data.check} />}
      <ShareIt id={id} isOpen={asked === 'share'} onClose={close} />
      {asked === 'change' ? <ChangeServiceDialog service={service} onClose={close} /> : null}
      <LoginDialog service={service} isOpen={asked === 'login'} onClose={close} />
      <Confirm
        title={`Delete “${name}”?`}
        text="Every share of it ends at once. Logs stay."
        action="Delete"
        isOpen={asked === 'delete'}
        onClose={close}
        onConfirm={() => remove.mutate()}
      />
    </>
  )
}

interface ShareItProps {
  readonly id: string
  readonly isOpen: boolean
  readonly onClose: () => void
}

function ShareIt({ id, isOpen, onClose }: ShareItProps) {
  const [link, setLink] = useState<CreatedShare | null>(null)
  return (
    <>
      <NewShareDialog serviceId={id} isOpen={isOpen} onClose={onClose} onCreated={setLink} />
      <NewLinkDialog link={link} onClose={() => setLink(null)} />
    </>
  )
}
