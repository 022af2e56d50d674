import { setImmediate } from 'node:timers/promises'
import { addEncryptionKey, listEventsAfter, type Db } from '@private-connect/db'
import { createTestDb } from '@private-connect/db/testing'
import { afterAll } from 'vitest'
import {
  createAuthenticator,
  createCredentialCache,
  createVault,
  fingerprintSecret,
  restOperations,
  type ApiContext,
  type CheckedService,
  type CredentialCache,
  type LivePorts,
  type Mail,
  type RestAnswer,
  type RestOperation,
} from '../../src/index.ts'
import { createAnswerChecker } from '../../src/testing/index.ts'

/** What a caller presents: request headers. */
export type Caller = Readonly<Record<string, string>>

export const anonymous: Caller = {}

export interface TestApi {
  readonly db: Db
  /** Warm, as the hub's is. */
  readonly credentials: CredentialCache
  /** What the operations told the hub, in order: `share share_…`, `agent agent_…`. */
  readonly changes: string[]
  readonly onlineAgents: Set<string>
  /** What a check of a service finds, by its id; an offline agent otherwise. */
  readonly checks: Map<string, CheckedService>
  /** What was handed over for mailing, oldest first. */
  readonly mails: Mail[]
  /** Resolves when everything that runs after answers is done. */
  settle(): Promise<void>
  /** Moves the clock that the operations see. */
  setClock(nowMs: number | null): void
  contextOf(caller: Caller): ApiContext
  /** One REST request: `input` is the path parameters, query and body together, as the contract names them. */
  call(caller: Caller, id: string, input?: Readonly<Record<string, unknown>>): Promise<RestAnswer>
}

/** Every answer that a test sees is compared with the OpenAPI document. */
const findFault = createAnswerChecker()

export const linkUrl = 'https://link.example.com'
export const hubUrl = 'https://hub.example.com'

const hubSecret = 'a'.repeat(32)
/** The vault that the operations seal with. */
export const vault = createVault({ current: { id: 'hub-secret-1', secret: hubSecret }, previous: [] })

const offlineCheck: CheckedService = {
  check: {
    dns: 'skipped',
    tcp: 'skipped',
    tls: 'skipped',
    http: 'skipped',
    latencyMs: null,
    message: 'Its agent is offline.',
  },
  status: 'offline',
}

/** The operations on a real database of their own, called as the hub's REST routes call them; it goes with the file's tests. */
export async function createTestApi(): Promise<TestApi> {
  const { db, close } = await createTestDb()
  afterAll(close)
  await addEncryptionKey(db, fingerprintSecret(hubSecret))
  const credentials = createCredentialCache(db)
  const changes: string[] = []
  const onlineAgents = new Set<string>()
  const mails: Mail[] = []
  const later: Array<Promise<void>> = []
  let clockMs: number | null = null
  const nowMs = (): number => clockMs ?? Date.now()
  const checks = new Map<string, CheckedService>()
  const ports: ApiContext['ports'] = {
    linkUrl,
    hubUrl,
    shareDomain: 'share.example.com',
    shareChanged: (shareId) => void changes.push(`share ${shareId}`),
    shareRefreshed: (shareId) => void changes.push(`refreshed ${shareId}`),
    workspaceChanged: (workspaceId) => void changes.push(`workspace ${workspaceId}`),
    serviceChanged: (serviceId) => void changes.push(`service ${serviceId}`),
    agentChanged: (agentId) => void changes.push(`agent ${agentId}`),
    credentialsChanged: (workspaceId) => credentials.forget(workspaceId),
    eventsAppended: () => {},
    isAgentOnline: (agentId) => onlineAgents.has(agentId),
    signIn: {
      checkRate: () => {},
      mayMail: () => true,
      mayRegister: () => true,
      sendMail: (mail) => void mails.push(mail),
      runLater: (task) => void later.push(task()),
    },
    machines: {
      vault,
      mayDial: async ({ targetHost }) => !targetHost.startsWith('10.'),
      checkService: async (service) => checks.get(service.id) ?? offlineCheck,
      inspectLogin: async (_service, login) => ({
        privilege: login.username === 'root' ? 'This login is a superuser.' : null,
        problem: login.username === 'nobody' ? 'The database did not let this login in.' : null,
      }),
      countAttempt: () => {},
    },
    webhooks: {
      mayCall: async ({ url }) => !url.includes('//10.'),
      deliveriesDue: () => void changes.push('deliveries'),
    },
    live: liveOf(db),
    askAsOwner: async ({ input }) => ({
      columns: ['asked'],
      rows: [{ asked: input.query }],
      rowCount: 1,
      truncated: false,
      durationMs: 1,
    }),
    nowMs,
  }
  const contextOf = (headers: Caller): ApiContext => ({
    db,
    ports,
    requestId: 'req-test',
    ipAddress: '203.0.113.9',
    userAgent: 'vitest',
    cookieHeader: headers['cookie'] ?? '',
    refuseCrossSite: () => {},
    authenticate: createAuthenticator(credentials, {
      headers,
      ipAddress: '203.0.113.9',
      nowMs: nowMs(),
      checkCookieUse: () => {},
    }),
    answerHeaders: new Headers(),
  })
  return {
    db,
    credentials,
    changes,
    onlineAgents,
    checks,
    mails,
    settle: async () => void (await Promise.all(later.splice(0))),
    setClock: (ms) => void (clockMs = ms),
    contextOf,
    call: (caller, id, input = {}) => callRest(findOperation(id), contextOf(caller), input),
  }
}

/** Follows the store by asking it; the hub's own reader is tested with the hub. */
function liveOf(db: Db): LivePorts {
  return {
    admit: ({ signal }) => ({ signal, ending: null, release: () => {} }),
    follow: async (following) => readEvents(db, following),
  }
}

async function* readEvents(db: Db, { workspaceId, afterSeq, signal }: Parameters<LivePorts['follow']>[0]) {
  for (let seq = afterSeq ?? 0; !signal.aborted;) {
    const rows = await listEventsAfter(db, { workspaceId, seq, limit: 100 })
    if (rows.length > 0) yield rows
    seq = rows.at(-1)?.seq ?? seq
    await setImmediate()
  }
}

export function findOperation(id: string): RestOperation {
  const operation = restOperations.find((one) => one.id === id)
  if (operation === undefined) throw new Error(`There is no operation ${id}`)
  return operation
}

export async function callRest(
  operation: RestOperation,
  ctx: ApiContext,
  input: Readonly<Record<string, unknown>>,
) {
  const names = pathParametersOf(operation)
  const inPath = Object.entries(input).filter(([name]) => names.includes(name))
  const others = Object.entries(input).filter(([name]) => !names.includes(name))
  const isRead = operation.method === 'GET'
  const answer = await operation.invoke(ctx, {
    params: Object.fromEntries(inPath.map(([name, value]) => [name, String(value)])),
    query: isRead ? Object.fromEntries(others.map(([name, value]) => [name, String(value)])) : {},
    body: isRead || others.length === 0 ? undefined : overTheWire(Object.fromEntries(others)),
    // Of what has no end the beginning is read.
    signal: AbortSignal.timeout(20),
  })
  const body = await readBody(operation, answer)
  const path = operation.path.replaceAll(/:\w+/g, 'x')
  const fault = findFault({ method: operation.method, path, status: answer.status, body })
  if (fault !== null) throw new Error(fault)
  return { ...answer, body }
}

export function pathParametersOf({ path }: RestOperation): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
}

async function readText(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

async function readBody({ stream }: RestOperation, { status, live, body }: RestAnswer): Promise<unknown> {
  if (live !== undefined) {
    const told: object[] = []
    for await (const batch of live.batches) told.push(...batch)
    return JSON.stringify(told)
  }
  return stream === undefined || status >= 400 ? overTheWire(body) : readText(body as AsyncIterable<string>)
}

/** As JSON leaves it: no undefined, no Date. */
function overTheWire(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
