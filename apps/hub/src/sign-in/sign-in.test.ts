import { makeTemporaryFolder } from '../../test/kit/processes.ts'
import { describe, expect, it } from 'vitest'
import { readEnv } from '../env.ts'
import { createLogger } from '../logging.ts'
import { createSignIn } from './sign-in.ts'

const production = {
  DATABASE_URL: 'postgresql://hub@db/hub',
  HUB_SECRET: '0123456789abcdef0123456789abcdef',
  HUB_URL: 'https://hub.example.com',
  LINK_URL: 'https://link.example.com',
}

describe('the flags of /health', () => {
  it('say that a production hub has no mail server, and nothing on the embedded default', async () => {
    const folder = makeTemporaryFolder()
    const warningsWith = async (settings: Record<string, string>) => {
      const env = readEnv({ DATA_DIR: folder.path, ...settings })
      const signIn = createSignIn({ env, log: createLogger('silent'), nowMs: () => 0 })
      await signIn.close()
      return signIn.warnings()
    }
    const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'hub@example.com' }
    expect(await warningsWith({})).toEqual([])
    expect(await warningsWith(production)).toEqual(['mail_not_configured'])
    expect(await warningsWith({ ...production, ...mail })).toEqual([])
    folder.remove()
  })
})
