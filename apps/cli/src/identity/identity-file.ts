import { randomUUID } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
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

/** Replaces the file in one step, readable by its owner only: tokens are in it. */
export async function writePrivateJson(file: string, content: unknown): Promise<void> {
  const temporary = `${file}.${randomUUID()}.new`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`)
    await handle.sync()
    await handle.close()
    await rename(temporary, file)
  } catch (cause) {
    await handle.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw cause
  }
}

/** Creates the folder for the owner only, and narrows one that is wider. */
export async function preparePrivateDir(file: string): Promise<void> {
  const dir = dirname(file)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await chmod(dir, 0o700)
}

/** Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
