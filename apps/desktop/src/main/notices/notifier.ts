/** A notification of the system. */
export interface AppNotification {
  readonly title: string
  readonly body: string
  /** What a click on it does. */
  readonly onClick: () => void
  /** Buttons, where the system has them. */
  readonly actions: readonly { readonly text: string; readonly run: () => void }[]
}

export interface Notifier {
  show(notification: AppNotification): void
  close(): void
}
