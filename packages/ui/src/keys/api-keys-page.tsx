import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { ApiKey } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { tellPast } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { usePages } from '../hub/use-pages.ts'
import { KeyRangesDialog } from './key-ranges-dialog.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'

export function ApiKeysPage() {
  const hub = useHub()
  const nowMs = useNow()
  const [isCreating, setIsCreating] = useState(false)
  const pages = usePages({ key: ['keys'], read: async (page) => hub.apiKeys.list.query(page) })
  return (
    <>
      <PageHead
        title="API keys"
        text="For programs. A key may do all that you may, except managing keys and sessions."
      >
        <Button look="main" onPress={() => setIsCreating(true)}>
          <Plus aria-hidden size={16} /> New key
        </Button>
      </PageHead>
      <ListState query={pages} isEmpty={pages.items.length === 0} empty={<NoKeys />}>
        <ul className="cards">
          {pages.items.map((key) => (
            <li key={key.id} className="card">
              <KeyCard apiKey={key} nowMs={nowMs} />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
      <NewKeyDialog isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </>
  )
}

function NoKeys() {
  return (
    <>
      <h2>No keys yet</h2>
      <p className="soft">
        A key lets a script or a service use the <ApiReference /> as this workspace.
      </p>
    </>
  )
}

/** The app's window opens no pages of the hub. */
function ApiReference() {
  return useDesktop() === null ? <a href="/docs">API</a> : 'API'
}

function KeyCard({ apiKey, nowMs }: { readonly apiKey: ApiKey; readonly nowMs: number }) {
  const hub = useHub()
  const [asked, setAsked] = useState<'revoke' | 'ranges' | null>(null)
  const { id, name, prefix, lastUsedAt, isActive } = apiKey
  const revoke = useAction({
    changes: ['keys'],
    run: async () => hub.apiKeys.revoke.mutate({ id }),
    done: () => `${name} works no more.`,
  })
  return (
    <>
      <span className="card-head">
        <strong>{name}</strong>
        {isActive ? null : <Badge tone="quiet">Revoked</Badge>}
      </span>
      <span className="card-facts">
        <code>{prefix}…</code>
        <span>{lastUsedAt === null ? 'never used' : `used ${tellPast(lastUsedAt, nowMs)}`}</span>
      </span>
      {isActive ? (
        <div className="row">
          <Button onPress={() => setAsked('ranges')}>Limit to addresses</Button>
          <Button look="quiet" onPress={() => setAsked('revoke')}>
            Revoke
          </Button>
        </div>
      ) : null}
      {asked === 'ranges' ? <KeyRangesDialog id={id} name={name} onClose={() => setAsked(null)} /> : null}
      <Confirm
        title={`Revoke “${name}”?`}
        text="Programs that use it are refused from their next request on."
        action="Revoke"
        isOpen={asked === 'revoke'}
        onClose={() => setAsked(null)}
        onConfirm={() => revoke.mutate()}
      />
    </>
  )
}
