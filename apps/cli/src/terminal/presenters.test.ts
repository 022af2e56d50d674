import type { CreatedShare, Service, Share } from '@private-connect/api/contracts'
import pc from 'picocolors'
import { encode } from 'uqr'
import { describe, expect, it } from 'vitest'
import { Failure } from '@private-connect/sharing'
import { createHumanPresenter } from './human-presenter.ts'
import { createJsonPresenter } from './json-presenter.ts'
import type { OpenedShare, Presenter } from './presenter.ts'
import { renderQrCode } from './qr-code.ts'

const nowMs = new Date(2026, 2, 2, 10, 0).getTime()
const hostile = 'x\u001B[2J\u202Ey'
const opened: OpenedShare = {
  url: 'http://share-tok-abc.localhost:7300/',
  share: {
    id: 'share_1',
    token: 'share_tok_abc',
    name: hostile,
    expiresAt: new Date(nowMs + 86_400_000).toISOString(),
    shareUrl: 'http://localhost:7300/shared/share_tok_abc',
    subdomainUrl: 'http://share-tok-abc.localhost:7300/',
  } satisfies CreatedShare,
  service: {
    id: 'svc_1',
    name: 'app',
    protocol: 'http',
    targetHost: 'localhost',
    targetPort: 3000,
  } as Service,
  agentId: 'agent_1',
  showsQr: true,
  keepsShare: false,
}
const listed = {
  id: 'share_1',
  name: hostile,
  tokenPreview: 'share_tok_abc...',
  accessCount: 1,
  isActive: true,
  revokedAt: null,
  expiresAt: null,
} as Share

function capture(create: (write: (line: string) => void) => Presenter) {
  const lines: string[] = []
  return { lines, presenter: create((line) => lines.push(line)) }
}
const human = () =>
  capture((write) =>
    createHumanPresenter({ out: write, err: write, colors: pc.createColors(false), nowMs: () => nowMs }),
  )
const json = () => capture((write) => createJsonPresenter({ out: write, err: () => undefined }))

function tellEverything(presenter: Presenter): void {
  presenter.shareOpened(opened)
  presenter.tunnelChanged({ state: 'connected', transport: 'raw', hubVersion: '1', sinceMs: nowMs })
  presenter.tunnelChanged({
    state: 'waiting',
    reason: 'connection_lost',
    message: hostile,
    retryAtMs: nowMs + 3500,
  })
  presenter.tunnelChanged({ state: 'connecting', attempt: 2 })
  presenter.tunnelChanged({ state: 'connected', transport: 'raw', hubVersion: '1', sinceMs: nowMs })
  presenter.visitorCame({
    shareId: 'share_1',
    shareName: hostile,
    visitorId: 'visitor_1',
    ipAddress: hostile,
    timestamp: new Date(nowMs).toISOString(),
    isBot: false,
    isReturning: false,
  })
  presenter.shares([listed])
  presenter.shareRevoked(hostile)
  presenter.warn(hostile)
  presenter.failed(new Failure('failed', hostile, { hint: hostile }))
  presenter.shareEnded({ shareId: 'share_1', reason: 'stopped', isRevoked: true })
}

describe('what people see', () => {
  it('has the link on a line of its own, where it leads, and when it ends', () => {
    const { lines, presenter } = human()
    presenter.shareOpened(opened)
    const text = lines.join('\n')
    expect(lines).toContain('  http://share-tok-abc.localhost:7300/')
    expect(text).toContain('http://localhost:3000')
    expect(text).toContain('2026-03-03 10:00 (in 1 day)')
    expect(text).toContain('Ctrl-C revokes the link')
  })

  it('tells losses and returns of the tunnel, not the first connection', () => {
    const { lines, presenter } = human()
    tellEverything(presenter)
    expect(lines.filter((line) => /Reconnecting|Online/.test(line))).toEqual([
      'x\\x1b[2J\\u202ey Reconnecting in 4 s …',
      'Online again.',
    ])
  })

  it.each([
    ['expired', false, 'The share has expired.'],
    ['revoked_elsewhere', false, 'revoked from elsewhere'],
    ['stopped', true, 'Revoked.'],
    ['stopped', false, 'npx private-connect revoke share_1'],
  ] as const)('says how it ended: %s', (reason, isRevoked, sentence) => {
    const { lines, presenter } = human()
    presenter.shareEnded({ shareId: 'share_1', reason, isRevoked })
    expect(lines.join('\n')).toContain(sentence)
  })

  it('carries nothing through that a terminal acts on', () => {
    const { lines, presenter } = human()
    tellEverything(presenter)
    expect(lines.join('\n').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('what programs read', () => {
  it('is one JSON object per line, each with its type', () => {
    const { lines, presenter } = json()
    tellEverything(presenter)
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type)
    expect(types).toEqual([
      'share',
      'tunnel',
      'tunnel',
      'tunnel',
      'tunnel',
      'visitor',
      'listed',
      'revoked',
      'warning',
      'error',
      'end',
    ])
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      url: opened.url,
      share: opened.share,
      agentId: 'agent_1',
    })
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('the QR code', () => {
  const url = 'https://share-tok-abcdefghijklmnopqrstuvwxyz.share.example.com/'

  it('is not shown for a link that a phone cannot reach', () => {
    expect(renderQrCode('http://share-tok-abc.localhost:7300/', false)).toBeNull()
    expect(renderQrCode('http://127.0.0.1:7300/shared/x', false)).toBeNull()
  })

  it('shows every module of the code, light ones as blocks', () => {
    const { data, size } = encode(url, { ecc: 'L', border: 2 })
    const lines = renderQrCode(url, false)?.split('\n') ?? []
    const isLight = (row: number, column: number): boolean => {
      const block = [...(lines[row >> 1] ?? '')][column] ?? ''
      return block === '█' || block === (row % 2 === 0 ? '▀' : '▄')
    }
    for (let row = 0; row < size; row += 1)
      for (let column = 0; column < size; column += 1)
        expect(isLight(row, column)).toBe(data[row]?.[column] !== true)
  })

  it('sets its own colours, white on black, where colours are on', () => {
    const lines = renderQrCode(url, true)?.split('\n') ?? []
    expect(lines.every((line) => line.startsWith('\u001B[97;40m') && line.endsWith('\u001B[0m'))).toBe(true)
  })
})
