export { findRunningPostgres } from './find-running-postgres.ts'
export { EmbeddedPostgresError } from './embedded-error.ts'
export { startEmbeddedPostgres, type EmbeddedPostgres } from './start-embedded-postgres.ts'
