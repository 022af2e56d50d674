import { z } from 'zod'

/**
 * What the window may ask of the desktop app around it: the one table from which preload, main process and screens
 * derive their types. The main process validates both directions. In a browser there is no desktop, and no bridge.
 */

const port = z.int().min(1).max(65_535)
const hubUrl = z.string().min(1).max(2048)
const shareId = z.string().min(1).max(64)
const processName = z.string().min(1).max(256)

/** A port that something on this machine listens at. */
const listeningPort = z.strictObject({
  port,
  /** Where to dial it: `127.0.0.1`, `::1`, or an address of this machine. */
  host: z.string(),
  /** As the system names it; null where it does not say (another user's process). */
  processName: z.string().nullable(),
  /** Such as `Vite` or `PostgreSQL`; null where nothing tells. */
  framework: z.string().nullable(),
  /** `database` and `other` (such as SSH) are listed after what a browser can open. */
  kind: z.enum(['web', 'database', 'other']),
})

/** A share whose service is this machine's, and which is still open. */
const desktopShare = z.strictObject({
  id: shareId,
  name: z.string(),
  /** Null where this machine no longer has the link: the hub keeps none. */
  url: z.string().nullable(),
  targetHost: z.string(),
  targetPort: port,
  /** Milliseconds since 1970; null for a share without an end. */
  expiresAtMs: z.number().nullable(),
  visitorCount: z.int().min(0),
})

const account = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('signed-out'),
    /** Why, where the person should be told: the page in the browser said no, its time was over, or the hub ended the session. */
    ended: z.enum(['denied', 'expired', 'session-ended']).optional(),
  }),
  z.strictObject({
    kind: z.literal('signing-in'),
    /** What the person compares with the page in the browser. */
    userCode: z.string(),
    verificationUrl: z.string(),
    expiresAtMs: z.number(),
  }),
  z.strictObject({ kind: z.literal('signed-in'), email: z.string().nullable(), workspaceName: z.string() }),
])

const settings = z.strictObject({
  hubUrl,
  startsAtLogin: z.boolean(),
  notifies: z.boolean(),
  /** Milliseconds since 1970; null where notifications are not snoozed. */
  snoozedUntilMs: z.number().nullable(),
  /** For shares made with one click, such as `24h`; `never` for no end. */
  defaultExpiry: z.string().min(1).max(16),
  /** Process names that the menu does not offer. */
  ignoredProcesses: z.array(processName).max(200),
})

/** Where sign-in secrets can be kept. `plain-file` only after the person chose it. */
const secretStorage = z.enum(['keyring', 'memory', 'plain-file'])

/** All that tray and window show of the desktop. The main process pushes it anew at every change. */
const desktopState = z.strictObject({
  /** `connected`: the tunnel is open. `sharing` is connected with at least one open share. */
  connection: z.enum(['offline', 'connecting', 'connected', 'sharing']),
  /** A sentence for the person; null where all is well. */
  trouble: z.string().nullable(),
  account,
  shares: z.array(desktopShare),
  settings,
  secretStorage,
  /** False where the system offers no place for secrets, or only one that it does not encrypt. */
  hasKeyring: z.boolean(),
})

const nothing = z.undefined()

/** Options of a share; those left out are the defaults. The rules are the hub's own: `createShareInput`. */
const sharePortInput = z.strictObject({
  port,
  host: z.string().min(1).max(253).default('127.0.0.1'),
  name: z.string().min(1).max(100).optional(),
  description: z.string().max(500).optional(),
  /** Such as `1h`; the settings' default where left out. */
  expiresIn: z.string().min(1).max(16).optional(),
  allowedPaths: z.array(z.string().max(1024)).max(100).optional(),
  allowedMethods: z.array(z.string().max(16)).max(16).optional(),
  rateLimitPerMin: z.int().min(1).max(1_000_000).optional(),
  /** Of databases. */
  maskedColumns: z.array(z.string().max(256)).max(100).optional(),
  allowWrites: z.boolean().optional(),
})

/** Channel → what the window sends and what it gets. */
const desktopContract = {
  'app:info': {
    input: nothing,
    output: z.strictObject({ name: z.string(), version: z.string(), electronVersion: z.string() }),
  },
  'desktop:state': { input: nothing, output: desktopState },
  /** Opens the browser for the device flow; the state tells how it goes on. */
  'account:sign-in': { input: nothing, output: nothing },
  /** Opens the page of the device flow once more. */
  'account:open-page': { input: nothing, output: nothing },
  'account:cancel-sign-in': { input: nothing, output: nothing },
  'account:sign-in-with-key': {
    input: z.strictObject({ apiKey: z.string().min(1).max(256) }),
    output: nothing,
  },
  'account:sign-out': { input: nothing, output: nothing },
  /** Signs out of the former hub where the address is another one. Fails in words where it is no hub. */
  'hub:change': { input: z.strictObject({ hubUrl }), output: nothing },
  /** `plain-file` or `memory`, asked where the system has no keyring. */
  'secrets:choose': { input: z.strictObject({ storage: z.enum(['memory', 'plain-file']) }), output: nothing },
  'settings:change': {
    input: settings.omit({ hubUrl: true, snoozedUntilMs: true }).partial(),
    output: nothing,
  },
  /** Null ends a snooze. */
  'notifications:snooze': {
    input: z.strictObject({ minutes: z.int().min(1).max(1440).nullable() }),
    output: nothing,
  },
  'ports:list': { input: nothing, output: z.array(listeningPort) },
  /** Registers the port, opens a share, copies its link, tells so by a notification. */
  'ports:share': { input: sharePortInput, output: desktopShare },
  'shares:copy-link': { input: z.strictObject({ shareId }), output: nothing },
  'shares:open-link': { input: z.strictObject({ shareId }), output: nothing },
  /** A new end, counted from now. */
  'shares:extend': {
    input: z.strictObject({ shareId, by: z.enum(['1h', '24h', '7d']) }),
    output: nothing,
  },
  'shares:revoke': { input: z.strictObject({ shareId }), output: nothing },
  /** The page itself is let nothing, the clipboard neither. */
  'clipboard:write': { input: z.strictObject({ text: z.string().min(1).max(16_384) }), output: nothing },
  /** Keeps a link that the window was given by the hub (a new share, a rotated link), so that the menu can copy it. */
  'shares:keep-link': { input: z.strictObject({ shareId, url: z.string().max(2048) }), output: nothing },
} as const

type DesktopContract = typeof desktopContract
export type DesktopChannel = keyof DesktopContract
/** What the main process's handler gets. */
export type DesktopInput<C extends DesktopChannel> = z.output<DesktopContract[C]['input']>
/** What the window sends: fields with a default may be left out. */
export type DesktopRequest<C extends DesktopChannel> = z.input<DesktopContract[C]['input']>
export type DesktopOutput<C extends DesktopChannel> = z.output<DesktopContract[C]['output']>

/** The same table with each row's types tied to its channel, for code that is generic over the channel. */
export const desktopSchemas: {
  readonly [C in DesktopChannel]: {
    readonly input: z.ZodType<DesktopInput<C>>
    readonly output: z.ZodType<DesktopOutput<C>>
  }
} = desktopContract

export type DesktopState = z.output<typeof desktopState>
export type DesktopShare = z.output<typeof desktopShare>
export type DesktopSettings = z.output<typeof settings>
export type ListeningPort = z.output<typeof listeningPort>

/** What crosses the process boundary: an answer, or a sentence for the person. Exceptions do not cross it. */
export type DesktopReply<C extends DesktopChannel> =
  | { readonly ok: true; readonly value: DesktopOutput<C> }
  | { readonly ok: false; readonly message: string }

/** The whole of what the preload script puts on the window, as `privateConnect`. */
export interface DesktopBridge {
  readonly call: <C extends DesktopChannel>(channel: C, input?: DesktopRequest<C>) => Promise<DesktopReply<C>>
  /** Answers how to stop listening. */
  readonly onState: (listener: (state: DesktopState) => void) => () => void
  /** A menu, notification or deep link asks for a screen: a path of the window's own, such as `/shares/share_…`. */
  readonly onNavigate: (listener: (path: string) => void) => () => void
}
