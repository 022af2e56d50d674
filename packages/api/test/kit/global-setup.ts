export { startTestServer as default } from '@private-connect/db/testing'
