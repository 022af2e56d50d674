/** One mail to one recipient; `to` is a checked address and is used as it is for the envelope. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** How long it is worth sending; without it as long as a link in it lasts. */
  readonly lifetimeMs?: number
}
