import { useState } from 'react'
import type { Agent, Service } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { tellPast } from '../components/time.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { CheckReport } from '../services/check-report.tsx'
import { describeStatus } from '../services/describe-service.ts'

interface AgentCardProps {
  readonly agent: Agent
  /** What is shared from it. */
  readonly services: readonly Service[]
  readonly nowMs: number
}

export function AgentCard({ agent, services, nowMs }: AgentCardProps) {
  const { id, name, label, isOnline, lastSeenAt, connectedAt, version } = agent
  const seen = lastSeenAt === null ? 'never connected' : `last seen ${tellPast(lastSeenAt, nowMs)}`
  return (
    <>
      <span className="card-head">
        <strong>{name}</strong>
        <Badge tone={isOnline ? 'good' : 'quiet'}>{isOnline ? 'Online' : 'Offline'}</Badge>
      </span>
      <span className="card-facts">
        {label === null ? null : <span>{label}</span>}
        <span>{isOnline && connectedAt !== null ? `connected ${tellPast(connectedAt, nowMs)}` : seen}</span>
        {version === null ? null : <span>version {version}</span>}
      </span>
      {services.length === 0 ? (
        <span className="hint">Nothing was shared from it yet.</span>
      ) : (
        <ul className="agent-services" aria-label={`Services of ${name}`}>
          {services.map((service) => (
            <li key={service.id}>
              <AgentService service={service} />
            </li>
          ))}
        </ul>
      )}
      <Remove id={id} name={name} />
    </>
  )
}

function AgentService({ service }: { readonly service: Service }) {
  const hub = useHub()
  const { id, name, targetHost, targetPort, status } = service
  const [tone, word] = describeStatus(status)
  const check = useAction({ changes: ['services'], run: async () => hub.services.check.mutate({ id }) })
  return (
    <>
      <span className="row">
        <span>{name}</span>
        <code>{`${targetHost}:${targetPort}`}</code>
        <Badge tone={tone}>{word}</Badge>
        <Button
          look="quiet"
          aria-label={`Check ${name} now`}
          isDisabled={check.isPending}
          onPress={() => check.mutate()}
        >
          {check.isPending ? 'Checking …' : 'Check now'}
        </Button>
      </span>
      {check.data === undefined ? null : <CheckReport check={check.data.check} />}
    </>
  )
}

function Remove({ id, name }: Pick<Agent, 'id' | 'name'>) {
  const hub = useHub()
  const [isAsked, setIsAsked] = useState(false)
  const remove = useAction({
    changes: ['agents', 'services', 'shares'],
    run: async () => hub.agents.delete.mutate({ id }),
    done: () => `${name} is let in no more.`,
  })
  return (
    <div className="row">
      <Button look="quiet" onPress={() => setIsAsked(true)}>
        Remove
      </Button>
      <Confirm
        title={`Remove “${name}”?`}
        text="Its tunnel is cut, and everything that is shared from it ends at once. To come back it has to be let in anew."
        action="Remove"
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => remove.mutate()}
      />
    </div>
  )
}
