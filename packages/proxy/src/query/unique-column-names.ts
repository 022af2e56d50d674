/** Each name once, in the same order: a repeated one gets `_2`, `_3` …, passing over names that are taken. */
export function uniqueColumnNames(names: readonly string[]): string[] {
  const taken = new Set(names)
  const seen = new Map<string, number>()
  return names.map((name) => {
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    if (count === 0) return name
    let suffix = count + 1
    while (taken.has(`${name}_${suffix}`)) suffix += 1
    const unique = `${name}_${suffix}`
    taken.add(unique)
    seen.set(name, suffix)
    return unique
  })
}
