/**
 * Names come from other programs: what moves or hides text (line ends, bidirectional overrides, zero-width characters) is left
 * out, and what is too long is cut. Never longer than `charactersMax` characters.
 */
export function writeName(name: string, charactersMax = 40): string {
  const characters = [
    ...name
      .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ]
  if (characters.length <= charactersMax) return characters.join('')
  return `${characters
    .slice(0, charactersMax - 1)
    .join('')
    .trimEnd()}…`
}

/** In a menu's label `&` marks the key of the next character; doubled it is itself. Electron does the same for `_` on Linux. */
export function escapeLabel(text: string): string {
  return text.replaceAll('&', '&&')
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Such as `23 h left`: coarse, because each change replaces the menu. */
export function writeTimeLeft(expiresAtMs: number | null, nowMs: number): string {
  if (expiresAtMs === null) return 'no end'
  const leftMs = expiresAtMs - nowMs
  // A share that was just made for 24 hours has 24 left, not 23.
  const roundMs = leftMs + minuteMs
  if (roundMs >= 2 * dayMs) return `${Math.floor(roundMs / dayMs)} days left`
  if (roundMs >= hourMs) return `${Math.floor(roundMs / hourMs)} h left`
  const minutes = Math.ceil(leftMs / minuteMs)
  if (minutes > 10) return `${Math.floor(minutes / 5) * 5} min left`
  return minutes > 0 ? `${minutes} min left` : 'ended'
}
