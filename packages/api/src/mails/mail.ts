/** One mail to one recipient; `to` is a checked address and is used as it is for the envelope. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}
