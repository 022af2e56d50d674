import type { Queryable } from './create-db.ts'

export interface EncryptionKeyRow {
  readonly id: string
  readonly fingerprint: Uint8Array<ArrayBuffer>
}

/**
 * Notes which key this database's secrets are encrypted under, and answers the one that was noted first: of several
 * hubs that start at once, all get the same answer.
 */
export async function ensureEncryptionKey(db: Queryable, key: EncryptionKeyRow): Promise<EncryptionKeyRow> {
  await db.client.encryptionKey.createMany({ data: [key], skipDuplicates: true })
  return db.client.encryptionKey.findUniqueOrThrow({
    where: { id: key.id },
    select: { id: true, fingerprint: true },
  })
}
