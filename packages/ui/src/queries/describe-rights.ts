import type { Share } from '@private-connect/api/contracts'

interface WorkspacePolicy {
  readonly databasesReadOnly: boolean
}

interface Rights {
  readonly mayWrite: boolean
  readonly sentence: string
}

/** What queries of a share may do, and why; the hub decides by the same three facts. */
export function describeRights(
  { allowWrites, allowedMethods }: Pick<Share, 'allowWrites' | 'allowedMethods'>,
  policy: WorkspacePolicy | undefined,
): Rights {
  if (!allowWrites) return { mayWrite: false, sentence: 'Queries can only read.' }
  if (policy?.databasesReadOnly === true)
    return { mayWrite: false, sentence: 'Queries can only read: the workspace says so for all databases.' }
  if (allowedMethods?.every((method) => method === 'GET') === true)
    return { mayWrite: false, sentence: 'Queries can only read: the share allows no method but GET.' }
  return { mayWrite: true, sentence: 'A query may change rows: one INSERT, UPDATE or DELETE each.' }
}
