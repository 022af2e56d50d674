import { defaultHubUrl } from '@private-connect/sharing'
import { Command } from 'commander'
import type { CommandContext } from './commands/command-context.ts'
import { runListShares } from './commands/list-shares.ts'
import { runLogin, runLogout } from './commands/login.ts'
import { runRevokeShare } from './commands/revoke-share.ts'
import { runShare } from './commands/share.ts'
import { runShowLogs } from './commands/show-logs.ts'
import { exitCodes } from './exit-codes.ts'
import type { LogFlags } from './sharing/log-filter.ts'
import type { ShareFlags } from './sharing/share-plan.ts'
import { version } from './version.ts'

/** Options of every command. */
export interface SharedFlags {
  readonly hub?: string
  readonly apiKey?: string
  readonly json?: boolean
}

/** How a command is known to the hub: by a key or a session, by its session only, or not yet. */
export type CommandAccess = 'credential' | 'session' | 'none'

export interface RunOptions {
  /** Default: credential. */
  readonly access?: CommandAccess
}

/** Runs a command with what its options ask for. */
export type RunCommand = (
  flags: SharedFlags,
  run: (context: CommandContext) => Promise<void>,
  options?: RunOptions,
) => Promise<void>

export interface ProgramOutput {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** The command line: names, options and help. What a command does is in commands/. */
export function createProgram(run: RunCommand, output: ProgramOutput): Command {
  const program = new Command('private-connect')
    .description('Share a local port by a link that is limited, logged and revocable.')
    .version(version)
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .exitOverride()
    .addHelpText('after', helpEnd)
  addShare(program, run)
  withSharedOptions(
    program
      .command('ls')
      .description('List the active shares of the workspace')
      .option('--all', 'expired and revoked ones too'),
  ).action((flags: SharedFlags & { all?: boolean }) => run(flags, (context) => runListShares(context, flags)))
  withSharedOptions(
    program.command('revoke').description('Revoke a share: its link stops at once').argument('<share id>'),
  ).action((shareId: string, flags: SharedFlags) => run(flags, (context) => runRevokeShare(context, shareId)))
  addLogs(program, run)
  addSignIn(program, run)
  return program
}

function addSignIn(program: Command, run: RunCommand): void {
  const login = program
    .command('login')
    .description('Sign this machine in through the browser, so that commands need no API key')
    .option('--no-browser', 'only print the address')
  withHubOptions(login).action((flags: SharedFlags & { browser: boolean }) =>
    run(flags, (context) => runLogin(context, flags), { access: 'none' }),
  )
  const logout = program.command('logout').description('Sign this machine out')
  withHubOptions(logout).action((flags: SharedFlags) => run(flags, runLogout, { access: 'session' }))
}

function addLogs(program: Command, run: RunCommand): void {
  const logs = program
    .command('logs')
    .description('Show the newest visits of a share')
    .argument('<share id>')
    .option('-f, --follow', 'go on showing visits as they come')
    .option('--since <time>', 'from this moment on: 15m, 2h, 7d ago, or a time such as 2026-03-02T10:00:00Z')
    .option('--until <time>', 'before this moment')
    .option('--status <status>', 'with this status only, such as 404 or 5xx; may be repeated', collect)
    .option('--ip <range>', 'from this address or range only, such as 203.0.113.0/24')
    .option('--path <path>', 'whose path begins so, or fits a pattern such as /api/*/users')
    .option('--method <method>', 'with this method only; may be repeated', collect)
    .option('--denied', 'refused by the hub only')
    .option('--visitor <id>', 'of this visitor only')
    .option('-n, --limit <number>', 'at most this many, 1 to 10000 (default: 100)')
  withSharedOptions(logs).action((shareId: string, flags: SharedFlags & LogFlags & { follow?: boolean }) =>
    run(flags, (context) => runShowLogs(context, shareId, flags)),
  )
}

function addShare(program: Command, run: RunCommand): void {
  const share = program
    .command('share')
    .description('Share a local port until Ctrl-C, which revokes the link')
    .argument('<port>', 'port that your app listens on')
    .option('--name <name>', 'name of the share (default: the name of the service)')
    .option('--description <text>', 'what the share is for')
    .option('--expires <duration>', '1h, 24h, 7d, 30d or never (default: 24h)')
    .option('--path <pattern>', 'allow this path only, such as /api/*; may be repeated', collect)
    .option('--method <method>', 'allow this method only, such as GET; may be repeated', collect)
    .option('--rate <number>', 'at most this many requests a minute, 1 to 1000')
    .option('--host <host>', 'host of the app, seen from here', 'localhost')
    .option('--https', 'the app speaks https (default: found out)')
    .option('--service-name <name>', 'name of the service (default: <host name>-<port>)')
    .option('--keep', 'leave the link in place at the end')
    .option('--force', 'share the port although nothing listens there yet')
    .option('--no-qr', 'print no QR code')
  withSharedOptions(share).action((port: string, flags: SharedFlags & ShareFlags) =>
    run(flags, (context) => runShare(context, port, flags)),
  )
}

function withHubOptions(command: Command): Command {
  return command
    .option('--hub <url>', `the hub (or PRIVATE_CONNECT_HUB; default: ${defaultHubUrl})`)
    .option('--json', 'print one JSON object per line, for programs')
}

function withSharedOptions(command: Command): Command {
  return withHubOptions(command).option(
    '--api-key <key>',
    'your API key (or PRIVATE_CONNECT_API_KEY, which does not show in the process list; default: the login)',
  )
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}

const helpEnd = `
Environment:
  PRIVATE_CONNECT_HUB       the hub's address
  PRIVATE_CONNECT_API_KEY   an API key instead of login; better than --api-key, which the process list shows
  HTTP_PROXY, HTTPS_PROXY, NO_PROXY   the proxy on the way to the hub
  NO_COLOR                  no colours

Exit codes:
  0  done, also after Ctrl-C
  ${exitCodes.failed}  the hub refused, or something failed
  ${exitCodes.usage}  the command line is wrong
  ${exitCodes.hubUnreachable}  the hub cannot be reached, or is none
  ${exitCodes.credentialsRefused}  neither signed in nor an API key, or no longer valid
  ${exitCodes.nothingListens}  nothing listens on the port
  ${exitCodes.tunnelFailed}  the tunnel could not be opened, or the hub no longer accepts this machine
  130, 143  ended at once by a second Ctrl-C or signal
`
