const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `1.5 MB`: a size in decimal units, as downloads are counted. */
export function tellBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  const digits = power === 0 || value >= 10 ? 0 : 1
  return `${value.toFixed(digits)} ${units[power]}`
}
