import type { ParseResult } from 'libpg-query'
import { createGrammar, type GrammarModule } from './grammar-module.ts'

export type ParseOutcome =
  | { readonly kind: 'tree'; readonly tree: ParseResult }
  /** `position` counts characters from 1; 0 where the parser names none. */
  | { readonly kind: 'wrong'; readonly message: string; readonly position: number }
  | { readonly kind: 'too-deep' }

let loading: Promise<GrammarModule> | null = null

/** When the first query for PostgreSQL is checked. */
function loadGrammar(): Promise<GrammarModule> {
  loading ??= createGrammar()
  return loading
}

/** Parses with PostgreSQL's own grammar, as the newest server would with `standard_conforming_strings`. */
export async function parseSql(text: string): Promise<ParseOutcome> {
  const grammar = await loadGrammar()
  try {
    const json = readTree(grammar, text)
    return typeof json === 'string' ? { kind: 'tree', tree: JSON.parse(json) as ParseResult } : json
  } catch {
    // Thousands of nested expressions exhaust the engine's stack inside the module, which leaves its memory as it was
    // in the middle of that call: the next query gets an instance of its own.
    loading = null
    return { kind: 'too-deep' }
  }
}

function readTree(grammar: GrammarModule, text: string): string | ParseOutcome {
  const size = grammar.lengthBytesUTF8(text) + 1
  const pointer = grammar._malloc(size)
  grammar.stringToUTF8(text, pointer, size)
  const result = grammar._wasm_parse_query_raw(pointer)
  // struct PgQueryParseResult { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
  const error = grammar.getValue(result + 8, 'i32')
  const outcome =
    error === 0 ? grammar.UTF8ToString(grammar.getValue(result, 'i32')) : readError(grammar, error)
  grammar._wasm_free_parse_result(result)
  grammar._free(pointer)
  return outcome
}

/** struct PgQueryError { char *message; char *funcname; char *filename; int lineno; int cursorpos; … } */
function readError(grammar: GrammarModule, error: number): ParseOutcome {
  const message = grammar.UTF8ToString(grammar.getValue(error, 'i32'))
  return { kind: 'wrong', message, position: grammar.getValue(error + 16, 'i32') }
}

/** The tree's places are bytes of UTF-8 from 0; people count characters from 1. */
export function characterPosition(text: string, byteOffset: number): number {
  const before = Buffer.from(text).subarray(0, byteOffset).toString()
  return [...before].length + 1
}
