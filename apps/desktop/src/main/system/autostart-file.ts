import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How Linux desktops know what to start at login: a file in a folder (XDG Autostart). */
export function writeAutostartEntry(command: readonly [string, ...string[]]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Private Connect',
    'Comment=Share a local port by link',
    `Exec=${command.map(quoteArgument).join(' ')}`,
    'Icon=private-connect-desktop',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/**
 * Desktop Entry Specification, "The Exec key": in double quotes, where `"`, backtick, `$` and `\` are escaped; `%` begins a field code and
 * is doubled; then all of it is a string of the file, where a backslash is escaped once more and a line end is `\n`.
 */
export function quoteArgument(argument: string): string {
  const quoted = `"${argument.replaceAll(/["`$\\]/g, String.raw`\$&`).replaceAll('%', '%%')}"`
  return quoted
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\t', String.raw`\t`)
}

export interface AutostartOptions {
  /** The file in the person's autostart folder. */
  readonly file: string
  readonly command: readonly [string, ...string[]]
}

/** Makes the file what it should be, or takes it away. */
export async function setAutostart({ file, command }: AutostartOptions, isOn: boolean): Promise<void> {
  if (!isOn) return rm(file, { force: true })
  const entry = writeAutostartEntry(command)
  if ((await readFile(file, 'utf8').catch(() => null)) === entry) return
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, entry, { mode: 0o644 })
}
