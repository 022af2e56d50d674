import type { TestProject } from 'vitest/node'
import { buildApp, layOutApp } from './kit/build-app.ts'
import { openDesktopSession } from './kit/desktop-session.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Screen and session bus, as environment variables. */
    electronEnv: Record<string, string>
    /** The app's executable, laid out as a packed app. */
    appExecutable: string
  }
}

/** Installs the test Electron (33.2.1, not the version that users get), opens a screen for it, and builds the app for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The desktop tests need Linux x64: tools/electron has no test Electron for other systems.',
    )
  }
  const session = await openDesktopSession()
  const { env } = session
  const laidOut = layOutApp(env['ELECTRON_EXEC_PATH'] ?? '')
  project.provide('electronEnv', env)
  project.provide('appExecutable', laidOut.executable)
  buildApp()
  return async () => {
    laidOut.remove()
    await session.close()
  }
}
