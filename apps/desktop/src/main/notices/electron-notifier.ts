import { Notification } from 'electron'
import type { Notifier } from './notifier.ts'

/** Notifications that somebody may still click; what is older is forgotten. */
const keptMax = 50

/** macOS and Windows. A notification that nothing refers to loses its clicks, so they are kept. */
export function createElectronNotifier(): Notifier {
  const kept = new Set<Notification>()
  return {
    show({ title, body, onClick, actions }) {
      const shown = new Notification({
        title,
        body,
        actions: actions.map(({ text }) => ({ type: 'button', text })),
      })
      shown.on('click', onClick)
      // The index moved into the first argument in newer versions, which still give the second.
      shown.on('action', (_details, index) => actions[index]?.run())
      shown.on('close', () => kept.delete(shown))
      kept.add(shown)
      for (const old of [...kept].slice(0, -keptMax)) kept.delete(old)
      shown.show()
    },
    close: () => kept.clear(),
  }
}
