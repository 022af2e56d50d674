/** A moment as the API shows it; null stays null. */
export function isoTimeOf(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString()
}
