import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'

/** What the WebAssembly build of PostgreSQL's parser offers; the package's own entry cannot replace a broken instance. */
export interface GrammarModule {
  _malloc(size: number): number
  _free(pointer: number): void
  _wasm_parse_query_raw(text: number): number
  _wasm_free_parse_result(result: number): void
  lengthBytesUTF8(text: string): number
  stringToUTF8(text: string, pointer: number, size: number): void
  UTF8ToString(pointer: number): string
  getValue(pointer: number, type: 'i32'): number
}

/** The types of a server without a browser's library do not have it. */
interface WasmEngine {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => object
}

interface FactoryOptions {
  instantiateWasm(imports: object, done: (instance: object) => void): object
}

type Factory = (options: FactoryOptions) => Promise<GrammarModule>

const require = createRequire(import.meta.url)
const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmEngine }).WebAssembly
let compiled: object | null = null

/** A fresh instance; about 10 ms, but for the first one, which compiles for about 100 ms. Takes some 10 MB. */
export async function createGrammar(): Promise<GrammarModule> {
  compiled ??= compileGrammar()
  const module = compiled
  const factory = require('libpg-query/wasm/libpg-query.js') as Factory
  return factory({
    instantiateWasm(imports, done) {
      done(new Instance(module, imports))
      return {}
    },
  })
}

/**
 * The parser is one enormous function, for which V8's optimizing compiler takes half a gigabyte of memory as soon as it has
 * run a few times (measured); code of the baseline compiler parses a statement in 0.05 ms as well. The flags hold for this
 * synchronous compilation only.
 */
function compileGrammar(): object {
  const flags = ['wasm-dynamic-tiering', 'wasm-tier-up', 'wasm-lazy-compilation']
  const bytes = readFileSync(require.resolve('libpg-query/wasm/libpg-query.wasm'))
  for (const flag of flags) setFlagsFromString(`--no-${flag}`)
  try {
    return new Module(bytes)
  } finally {
    for (const flag of flags) setFlagsFromString(`--${flag}`)
  }
}
