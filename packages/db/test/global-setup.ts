export { startTestServer as default } from '../src/testing/index.ts'
