/** What operations on webhooks need from the hub. */
export interface WebhookPorts {
  /** Whether the hub would post to this URL; for https true while its name has no address yet. */
  mayCall(target: { readonly workspaceId: string; readonly url: string }): Promise<boolean>
  /** Called after the commit of whatever made deliveries due: they are sent now. */
  deliveriesDue(): void
}
