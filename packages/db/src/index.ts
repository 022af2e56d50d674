export { createDb, inTransaction, type Db, type DbOptions, type Queryable } from './create-db.ts'
export { migrateDb, MigrationError, type MigrateOptions } from './migrate-db.ts'
export { newId, type IdPrefix } from './new-id.ts'
export type { Page, TimeCursor } from './page.ts'
export type { TokenHash } from './token-hash.ts'
export * from './users.ts'
export * from './sessions.ts'
export * from './magic-links.ts'
export * from './api-keys.ts'
export * from './agents.ts'
export * from './services.ts'
export * from './service-changes.ts'
export * from './service-credentials.ts'
export * from './device-codes.ts'
export * from './find-shares.ts'
export * from './shares.ts'
export * from './live-tokens.ts'
export * from './share-grants.ts'
export * from './access-logs.ts'
export * from './insert-access-logs.ts'
export * from './delete-old.ts'
export * from './access-stats.ts'
export * from './idempotency-keys.ts'
export * from './audit-log.ts'
export * from './query-audits.ts'
export * from './events.ts'
export * from './visitors.ts'
export * from './announcements.ts'
export * from './live-credentials.ts'
export * from './revocations.ts'
export * from './encryption-keys.ts'
export * from './sealed-record.ts'
export * from './webhooks.ts'
export * from './webhook-secrets.ts'
export * from './deliveries.ts'
export * from './delivery-queue.ts'
export * from './delivery-outcomes.ts'
export * from './mail-alerts.ts'
export type {
  ActorKind,
  DatabaseEngine,
  DeliveryStatus,
  MagicLinkPurpose,
  QueryOutcome,
  RevocationKind,
  Role,
  ServiceProtocol,
  ServiceStatus,
} from './generated/client.ts'
