import type { AuditEntry } from '@private-connect/api/contracts'
import { Button } from '../components/button.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { writeTime } from '../components/time.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { usePages } from '../hub/use-pages.ts'

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
      isIntact ? 'Every entry is as it was written.' : `Entry ${firstBrokenSeq} was changed or is missing.`,
  })
  return (
    <>
      <PageHead title="Audit log" text="Who administered what. Each entry seals those before it.">
        <Button onPress={() => verify.mutate()} isDisabled={verify.isPending}>
          {verify.isPending ? 'Checking …' : 'Check the seals'}
        </Button>
      </PageHead>
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={<p className="soft">Nothing yet.</p>}
      >
        <div className="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Who</th>
                <th scope="col">To what</th>
                <th scope="col">From</th>
              </tr>
            </thead>
            <tbody>
              {pages.items.map((entry) => (
                <AuditRow key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
        <ShowMore pages={pages} />
      </ListState>
    </>
  )
}

function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const { createdAt, action, actorKind, actorId, subjectId, ipAddress } = entry
  return (
    <tr>
      <td>{writeTime(createdAt)}</td>
      <td>
        <code>{action}</code>
      </td>
      <td title={actorId ?? undefined}>{actorKind.replace('_', ' ')}</td>
      <td>
        <code>{subjectId ?? '–'}</code>
      </td>
      <td>{ipAddress ?? '–'}</td>
    </tr>
  )
}
