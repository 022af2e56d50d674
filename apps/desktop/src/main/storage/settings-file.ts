import { readFile, rename } from 'node:fs/promises'
import { defaultShareDuration, shareDurations } from '@private-connect/api/contracts'
import {
  defaultHubUrl,
  parseHubUrl,
  parseJson,
  preparePrivateDir,
  writePrivateJson,
} from '@private-connect/sharing'
import type { DesktopSettings } from '@private-connect/ui/desktop'
import { z } from 'zod'

/** What a person has set, in a file of its own. */
export interface SettingsFile {
  /** As of the last `save`, or of the start; a file that cannot be read counts as the defaults. */
  current(): DesktopSettings
  /** Of several at once the last one stays. */
  save(settings: DesktopSettings): Promise<void>
}

export const defaultSettings: DesktopSettings = Object.freeze({
  hubUrl: defaultHubUrl,
  startsAtLogin: false,
  notifies: true,
  snoozedUntilMs: null,
  defaultExpiry: defaultShareDuration,
  ignoredProcesses: [],
})

const fileSchema = z.strictObject({
  version: z.literal(1),
  hubUrl: z.string().max(2048).refine(isHubUrl),
  startsAtLogin: z.boolean(),
  notifies: z.boolean(),
  snoozedUntilMs: z.number().nullable(),
  defaultExpiry: z.enum(shareDurations),
  ignoredProcesses: z.array(z.string().min(1).max(256)).max(200),
})

/** Null where the text is not exactly what `formatSettings` writes. */
export function parseSettings(text: string): DesktopSettings | null {
  const parsed = fileSchema.safeParse(parseJson(text))
  if (!parsed.success) return null
  const { version: _version, ...settings } = parsed.data
  return settings
}

/** What the file holds. */
export function formatSettings(settings: DesktopSettings): unknown {
  return { version: 1, ...settings }
}

/** One that cannot be read is kept beside it under another name. */
export async function openSettingsFile(file: string): Promise<SettingsFile> {
  await preparePrivateDir(file)
  let settings = await readSettings(file)
  let writing = Promise.resolve()
  return {
    current: () => settings,
    save(changed) {
      settings = changed
      writing = writing
        .catch(() => undefined)
        .then(async () => writePrivateJson(file, formatSettings(changed)))
      return writing
    },
  }
}

async function readSettings(file: string): Promise<DesktopSettings> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw cause
  })
  if (text === null) return defaultSettings
  const settings = parseSettings(text)
  if (settings !== null) return settings
  await rename(file, `${file}.unreadable-${Date.now()}`)
  return defaultSettings
}

/** In the form in which `parseHubUrl` answers it. */
function isHubUrl(text: string): boolean {
  try {
    return parseHubUrl(text) === text
  } catch {
    return false
  }
}
