const timestamp = /^(\d+)-(\d\d)-(\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d+)?))?([+-]\d\d(?::\d\d){0,2})?( BC)?$/

/**
 * PostgreSQL's ISO style (`0044-03-15 12:00:00+00 BC`) as ISO 8601: `T` between date and time, `Z` for UTC, and years
 * before 1 or after 9999 with a sign and six digits, 1 BC being year 0. `infinity` stays what it is.
 */
export function isoTime(text: string): string {
  const match = timestamp.exec(text)
  if (match === null) return text
  const [, year = '', month = '', day = '', time, zone = '', era] = match
  const date = `${isoYear(Number(year), era !== undefined)}-${month}-${day}`
  if (time === undefined) return date
  return `${date}T${time}${zone === '+00' ? 'Z' : zone}`
}

function isoYear(year: number, isBefore: boolean): string {
  const astronomical = isBefore ? 1 - year : year
  if (astronomical >= 0 && astronomical <= 9_999) return String(astronomical).padStart(4, '0')
  return `${astronomical < 0 ? '-' : '+'}${String(Math.abs(astronomical)).padStart(6, '0')}`
}
