// Guarantee (DBQ-03, DBQ-06, SPEC §13.3): check, record, open, execute, in this order; what is refused or cannot be recorded
// is never dialled; every end is written down, and an engine that hangs holds nobody.
import { AppError } from '@private-connect/errors'
import { describe, expect, it } from 'vitest'
import {
  defaultQueryCaps,
  runQuery,
  type QueryEnding,
  type QueryEngine,
  type QueryPorts,
} from '../../src/query/index.ts'

const result = { columns: ['a'], rows: [{ a: 1 }], rowCount: 1, truncated: false }
const connection = {
  host: 'db',
  login: { username: null, password: '', database: null },
  tls: 'off',
} as const

interface Bench {
  readonly steps: string[]
  readonly endings: QueryEnding[]
  readonly asker: AbortController
  readonly run: (
    changes?: Partial<QueryEngine>,
    ports?: Partial<QueryPorts>,
    timeoutMs?: number,
  ) => Promise<unknown>
}

function createBench(): Bench {
  const steps: string[] = []
  const endings: QueryEnding[] = []
  const asker = new AbortController()
  const engine: QueryEngine = {
    name: 'postgresql',
    needsLogin: false,
    check: () => (steps.push('check'), { kind: 'read' as const }),
    execute: async () => (steps.push('execute'), result),
    inspectRole: async () => ({ isPrivileged: false, reason: null }),
  }
  const ports: QueryPorts = {
    async beginAudit(refusal) {
      steps.push('record')
      if (refusal !== null) endings.push(refusal)
      return { complete: async (ending) => void (steps.push('complete'), endings.push(ending)) }
    },
    openConnection: async () => {
      steps.push('open')
      return {
        connection: { ...connection, dial: async () => Promise.reject(new Error('no')) },
        allowPrivilegedRole: false,
      }
    },
    warn: () => void steps.push('warn'),
  }
  return {
    steps,
    endings,
    asker,
    run: (changes = {}, others = {}, timeoutMs = 5_000) =>
      runQuery(
        {
          engine: { ...engine, ...changes },
          request: { query: 'SELECT 1', params: [] },
          rules: { allowWrites: false, maskedColumns: [] },
          caps: { ...defaultQueryCaps, timeoutMs },
          signal: asker.signal,
        },
        { ...ports, ...others },
      ),
  }
}

/** Runs until it is aborted, then rejects as an engine does. */
const endless: QueryEngine['execute'] = (_checked, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('a query', () => {
  it('goes its steps in order', async () => {
    const { run, steps, endings } = createBench()
    expect(await run()).toMatchObject({ ...result, durationMs: expect.any(Number) })
    expect(steps).toEqual(['check', 'record', 'open', 'execute', 'complete'])
    expect(endings).toMatchObject([{ outcome: 'ok', rowCount: 1, error: null }])
  })

  it('that is refused is recorded, and goes no further', async () => {
    const { run, steps, endings } = createBench()
    const check = () => {
      throw new AppError('query.refused')
    }
    await expect(run({ check })).rejects.toMatchObject({ code: 'query.refused' })
    expect([steps, endings]).toMatchObject([['record'], [{ outcome: 'refused' }]])
  })

  it.each(['a refusal', 'a query'])('is a 503 where the record of %s cannot be written', async (what) => {
    const { run, steps } = createBench()
    const check = () => {
      throw new AppError('query.refused')
    }
    const beginAudit = async () => Promise.reject(new Error('disk full'))
    const refused = run(what === 'a refusal' ? { check } : {}, { beginAudit })
    await expect(refused).rejects.toMatchObject({ code: 'query.audit_unavailable' })
    expect(steps).not.toContain('open')
    expect(steps).not.toContain('execute')
  })

  it('that takes too long is ended, and says so', async () => {
    const { run, endings } = createBench()
    await expect(run({ execute: endless }, {}, 30)).rejects.toMatchObject({ code: 'query.timeout' })
    expect(endings).toMatchObject([{ outcome: 'timed_out' }])
  })

  it('ends when its asker leaves, before it runs too', async () => {
    const { run, endings, asker, steps } = createBench()
    const running = run({ execute: endless })
    asker.abort(new AppError('share.inactive'))
    await expect(running).rejects.toMatchObject({ code: 'share.inactive' })
    await expect(run()).rejects.toMatchObject({ code: 'share.inactive' })
    expect(endings).toMatchObject([{ outcome: 'cancelled' }, { outcome: 'cancelled' }])
    expect(steps).not.toContain('execute')
  })

  it('of an engine that hangs holds nobody', async () => {
    const { run, endings } = createBench()
    const hanging = run({ execute: () => new Promise(() => {}) }, {}, 30)
    await expect(hanging).rejects.toMatchObject({ code: 'query.timeout' })
    expect(endings).toMatchObject([{ outcome: 'timed_out' }])
  })

  it('is answered even where its end cannot be written: that it ran is recorded', async () => {
    const { run, steps } = createBench()
    const beginAudit = async () => ({ complete: async () => Promise.reject(new Error('gone')) })
    expect(await run({}, { beginAudit })).toMatchObject(result)
    expect(steps).toContain('warn')
  })

  it('that fails is recorded with what the asker was told', async () => {
    const { run, endings } = createBench()
    const execute = async () => Promise.reject(new AppError('query.failed', 'column "x" does not exist'))
    await expect(run({ execute })).rejects.toMatchObject({ code: 'query.failed' })
    expect(endings[0]?.error?.publicMessage).toBe('column "x" does not exist')
    expect(endings).toMatchObject([{ outcome: 'failed' }])
  })
})
