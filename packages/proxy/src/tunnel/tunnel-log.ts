/** The part of a pino logger that the tunnel uses. */
export interface TunnelLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}
