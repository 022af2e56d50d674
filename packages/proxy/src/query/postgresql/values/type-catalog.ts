/** What is known of a type that is not built in. */
export interface TypeEntry {
  /** What a domain is made of. */
  readonly baseType: number | null
  readonly elementType: number | null
  readonly delimiter: string
  /** Names and types of a composite type's attributes, in their order. */
  readonly attributes: readonly (readonly [string, number])[] | null
}

/** By the type's number. */
export type TypeCatalog = ReadonlyMap<number, TypeEntry>
