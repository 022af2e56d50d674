type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> }

/** What was given, without the fields that were left out. */
export function omitUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}
