export { createTestDb, type TestDb } from './create-test-db.ts'
export { startTestServer } from './start-test-server.ts'
