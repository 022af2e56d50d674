const browsers = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const

const systems = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const

const find = (list: ReadonlyArray<readonly [RegExp, string]>, text: string): string | undefined =>
  list.find(([pattern]) => pattern.test(text))?.[1]

/** `Firefox on Windows`, as far as a user agent tells. */
export function nameDevice(userAgent: string | null): string {
  if (userAgent === null) return 'A browser'
  const [browser, system] = [find(browsers, userAgent), find(systems, userAgent)]
  return [browser ?? 'A program', ...(system === undefined ? [] : [`on ${system}`])].join(' ')
}
