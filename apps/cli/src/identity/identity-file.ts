import { readFile, rename } from 'node:fs/promises'
import { parseJson } from '@private-connect/sharing'
import { z } from 'zod'

const identity = z.strictObject({
  agentId: z.string().min(1).max(64),
  token: z.string().min(1).max(256),
  /** The process that uses this identity now; null when none does. */
  pid: z.int().positive().nullable(),
})

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** By the hub's origin. A machine has one agent per hub, and more only while several commands share at once. */
  hubs: z.record(z.string(), z.array(identity)),
})

export type StoredIdentity = z.infer<typeof identity>
export type IdentityFile = z.infer<typeof fileSchema>

/** The file's content. One that cannot be read is kept beside it under another name, and counts as empty. */
export async function readIdentityFile(file: string): Promise<IdentityFile> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw cause
  })
  if (text === null) return { version: 1, hubs: {} }
  const parsed = fileSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  await rename(file, `${file}.unreadable-${Date.now()}`)
  return { version: 1, hubs: {} }
}
