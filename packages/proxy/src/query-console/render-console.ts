import { createHash } from 'node:crypto'
import type { EngineName } from '../query/query-engine.ts'
import { escapeHtml } from '../serve/pages/page-layout.ts'

export interface ConsoleOptions {
  readonly shareName: string
  readonly workspaceName: string
  readonly engine: EngineName
  readonly mayWrite: boolean
  readonly expiresAtMs: number | null
}

export interface ConsolePage {
  readonly html: string
  readonly policy: string
}

export function renderConsole(options: ConsoleOptions): ConsolePage {
  const script = ''
  const hash = createHash('sha256').update(script).digest('base64')
  return {
    html: `<!doctype html><title>${escapeHtml(options.shareName)}</title>`,
    policy: `default-src 'none'; script-src 'sha256-${hash}'; frame-ancestors 'none'`,
  }
}
