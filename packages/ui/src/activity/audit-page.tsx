import { ShieldCheck } from 'lucide-react'
import type { AuditEntry } from '@private-connect/api/contracts'
import { Button } from '../components/button.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { writeTime } from '../components/time.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { usePages } from '../hub/use-pages.ts'
import { tellAction } from './tell-action.ts'

export function AuditPage() {
  const hub = useHub()
  const pages = usePages({
    key: ['audit'],
    read: async (page) => hub.audit.list.query(page),
    refetchMs: 10_000,
  })
  const verify = useAction({
    changes: [],
    run: async () => hub.audit.verify.query({}),
    done: ({ isIntact, firstBrokenSeq }: { isIntact: boolean; firstBrokenSeq: number | null }) =>
      isIntact
        ? 'Every entry is as it was written, and none is missing.'
        : `Entry ${firstBrokenSeq} was changed or is missing.`,
  })
  return (
    <>
      <PageHead
        title="Audit log"
        text="Who changed what. Each entry is sealed with those before it, so that a changed one shows."
      >
        <Button onPress={() => verify.mutate()} isDisabled={verify.isPending}>
          <ShieldCheck aria-hidden size={16} />{' '}
          {verify.isPending ? 'Checking …' : 'Check that none was changed'}
        </Button>
      </PageHead>
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={<p className="soft">Nothing was changed yet.</p>}
      >
        <Entries entries={pages.items} />
        <ShowMore pages={pages} />
      </ListState>
    </>
  )
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            {['When', 'What', 'To what', 'By whom', 'From'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <AuditRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const { createdAt, action, actorKind, actorId, subjectId, ipAddress } = entry
  return (
    <tr>
      <td>{writeTime(createdAt)}</td>
      <td title={action}>{tellAction(actorKind, action)}</td>
      <Id id={subjectId} />
      <Id id={actorId} />
      <td>{ipAddress ?? '–'}</td>
    </tr>
  )
}

const shownMax = 16

/** Enough of an id to tell it from others; whole where it is pointed at. */
function Id({ id }: { readonly id: string | null }) {
  if (id === null) return <td>–</td>
  const shown = id.length > shownMax ? `${id.slice(0, id.indexOf('_') + 1)}…${id.slice(-6)}` : id
  return (
    <td title={id}>
      <code>{shown}</code>
    </td>
  )
}
