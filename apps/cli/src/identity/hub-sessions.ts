import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJson, preparePrivateDir, writePrivateJson } from '@private-connect/sharing'
import { z } from 'zod'
import { withFileMutex } from './file-mutex.ts'

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** By the hub's origin: one session each. */
  hubs: z.record(z.string(), z.strictObject({ token: z.string().regex(/^sess_[a-z0-9]+$/) })),
})
type SessionFile = z.infer<typeof fileSchema>

/** Where this user is signed in, in `sessions.json` of the config folder, readable by its owner only. */
export interface HubSessions {
  find(hubUrl: string): Promise<string | null>
  save(hubUrl: string, token: string): Promise<void>
  remove(hubUrl: string): Promise<void>
}

export function createHubSessions(configDir: string): HubSessions {
  const file = join(configDir, 'sessions.json')
  const update = async (change: (hubs: SessionFile['hubs']) => void): Promise<void> => {
    await preparePrivateDir(file)
    await withFileMutex(`${file}.lock`, async () => {
      const { hubs } = await readSessionFile(file)
      change(hubs)
      await writePrivateJson(file, { version: 1, hubs } satisfies SessionFile)
    })
  }
  return {
    find: async (hubUrl) => (await readSessionFile(file)).hubs[hubUrl]?.token ?? null,
    save: (hubUrl, token) => update((hubs) => void (hubs[hubUrl] = { token })),
    remove: (hubUrl) => update((hubs) => void delete hubs[hubUrl]),
  }
}

/** What cannot be read counts as signed in nowhere: one signs in again. */
async function readSessionFile(file: string): Promise<SessionFile> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw cause
  })
  const parsed = fileSchema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : { version: 1, hubs: {} }
}
