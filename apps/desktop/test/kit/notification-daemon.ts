import { execFileSync } from 'node:child_process'

/** One that the desktop showed. */
export interface ShownNotification {
  readonly summary: string
  readonly body: string
  readonly appName: string
}

/** The session's own notification daemon, dunst. */
export interface NotificationDaemon {
  /** How many are on the screen now. */
  shownCount(): number
  /** Takes what is on the screen away; it is in the history then. */
  closeAll(): void
  /** Clicks the newest one on the screen, which takes it away. */
  clickNewest(): void
  /** What was taken away from the screen, newest first. */
  history(): ShownNotification[]
}

export function connectNotificationDaemon(env: Readonly<Record<string, string>>): NotificationDaemon {
  const run = (...args: string[]): string =>
    execFileSync('dunstctl', args, { env: { ...process.env, ...env }, encoding: 'utf8' })
  return {
    shownCount: () => Number(run('count', 'displayed')),
    closeAll: () => void run('close-all'),
    clickNewest: () => void run('action', '0'),
    history() {
      const { data } = JSON.parse(run('history')) as {
        data: [Record<'summary' | 'body' | 'appname', { data: string }>[]]
      }
      return data[0].map(({ summary, body, appname }) => ({
        summary: summary.data,
        body: body.data,
        appName: appname.data,
      }))
    },
  }
}
