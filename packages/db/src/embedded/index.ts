export { findRunningPostgres } from './find-running-postgres.ts'
export { EmbeddedPostgresError } from './embedded-error.ts'
export { acquireHubLock, type HubLock } from './hub-lock.ts'
export {
  startEmbeddedPostgres,
  type EmbeddedLog,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './start-embedded-postgres.ts'
