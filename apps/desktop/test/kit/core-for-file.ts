import { startLocalApp, type LocalApp } from '@private-connect/sharing/testing'
import { afterAll } from 'vitest'
import { startSignedInHub, type SignedInHub } from './signed-in-hub.ts'
import { startTestDesktop, type TestDesktop } from './test-desktop.ts'

/** A hub and an app to share by it; both go with the file's tests. */
export async function startHubAndAppForFile(): Promise<{ hub: SignedInHub; app: LocalApp }> {
  const hub = await startSignedInHub()
  const app = await startLocalApp()
  afterAll(async () => {
    await app.close()
    await hub.remove()
  })
  return { hub, app }
}

/** A desktop that is signed in and hears of events. */
export async function startSignedInDesktop(hub: SignedInHub): Promise<TestDesktop> {
  const running = await startTestDesktop({ hubUrl: hub.url })
  await running.desktop.signInWithKey(hub.apiKey)
  await running.until(({ connection }) => connection === 'connected')
  return running
}
