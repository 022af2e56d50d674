import type { ErrorCode } from '@private-connect/errors'
import type { SignName } from './signs.ts'

export interface Wording {
  readonly heading: string
  readonly text: string
  readonly sign: SignName
  /** The page asks again by itself, first after about this many seconds: what is wrong may mend itself. */
  readonly retrySeconds?: number
}

/** What a visitor, who knows nothing of hubs and agents, is told; other codes show their own title and sentence. */
const wordings: Partial<Record<ErrorCode, Wording>> = {
  'share.not_found': {
    heading: 'This link leads nowhere',
    text: 'Check that it was copied whole, or ask whoever sent it for a new one.',
    sign: 'unknown',
  },
  'share.inactive': {
    heading: 'This link is no longer available',
    text: 'It has expired or was taken back. Ask whoever sent it for a new one.',
    sign: 'ended',
  },
  'share.path_not_allowed': {
    heading: 'This part is not shared',
    text: 'The link opens other pages of this app, but not this one.',
    sign: 'refused',
  },
  'share.method_not_allowed': {
    heading: 'This app cannot be opened like this',
    text: 'The link takes requests of programs, but does not show pages.',
    sign: 'refused',
  },
  'share.not_web': {
    heading: 'This is not a website',
    text: 'The link leads to a service that browsers do not speak to.',
    sign: 'machine',
  },
  'request.target_not_canonical': {
    heading: 'This address is not well-formed',
    text: 'Something in it is ambiguous, so the app behind the link was not asked. Check how it was copied.',
    sign: 'unknown',
  },
  'share.rate_limited': {
    heading: 'A little slower, please',
    text: 'This link gets more requests than whoever shared it allows.',
    sign: 'limited',
  },
  'share.streams_exhausted': {
    heading: 'The app is busy',
    text: 'As many people are using this link as it takes at once.',
    sign: 'limited',
    retrySeconds: 10,
  },
  'request.rate_limited': {
    heading: 'Too many wrong links',
    text: 'From your network came several links that lead nowhere, so new ones have to wait a moment.',
    sign: 'limited',
  },
  'agent.offline': {
    heading: 'Back soon',
    text: 'The computer that shares this app is offline at the moment.',
    sign: 'offline',
    retrySeconds: 5,
  },
  'share.not_shared': {
    heading: 'Not shared at the moment',
    text: 'The computer behind this link is online, but does not share this app now.',
    sign: 'offline',
    retrySeconds: 15,
  },
  'tunnel.overloaded': {
    heading: 'The app is busy',
    text: 'The computer that shares this app has as much to do as it takes at once.',
    sign: 'limited',
    retrySeconds: 5,
  },
  'tunnel.failed': {
    heading: 'The connection was lost',
    text: 'The computer that shares this app went offline while it answered.',
    sign: 'offline',
    retrySeconds: 5,
  },
  'hub.draining': {
    heading: 'Back in a moment',
    text: 'The hub behind this link is restarting.',
    sign: 'offline',
    retrySeconds: 3,
  },
  'hub.store_unavailable': {
    heading: 'Back in a moment',
    text: 'The hub behind this link has trouble of its own, and cannot look the link up.',
    sign: 'offline',
    retrySeconds: 10,
  },
  'upstream.refused': {
    heading: 'The app is not running',
    text: 'The link works, but nothing answers behind it yet.',
    sign: 'unplugged',
    retrySeconds: 5,
  },
  'upstream.failed': {
    heading: 'The app broke off',
    text: 'The link works, but the app behind it gave no proper answer.',
    sign: 'unplugged',
  },
  'upstream.timeout': {
    heading: 'The app takes too long',
    text: 'The link works, but the app behind it did not answer in time. Try again in a moment.',
    sign: 'late',
  },
}

export function wordingOf(code: ErrorCode): Wording | undefined {
  return wordings[code]
}
