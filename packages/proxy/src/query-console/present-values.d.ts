type Row = Readonly<Record<string, unknown>>

export function kindOf(value: unknown): string
export function kindOfColumn(name: string, rows: readonly Row[]): string
export function textOf(value: unknown): string
export function toCsv(answer: { readonly columns: readonly string[]; readonly rows: readonly Row[] }): string
