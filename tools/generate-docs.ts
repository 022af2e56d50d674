/**
 * Writes the documents that are made from code; with `--check` it writes nothing and fails when one is stale.
 * Run it in the repository's root.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { errorTable } from '@private-connect/errors'
import { envSchema } from '../apps/hub/src/env-schema.ts'
import { formatConfigurationDoc, formatEnvExample, listSettings } from './configuration-doc.ts'
import { formatErrorsDoc } from './errors-doc.ts'

const settings = listSettings(envSchema)
const documents = new Map([
  ['docs/errors.md', formatErrorsDoc(errorTable)],
  ['docs/configuration.md', formatConfigurationDoc(settings)],
  ['.env.example', formatEnvExample(settings)],
])
const stale = [...documents].filter(
  ([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text,
)

if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is stale: run \`node tools/generate-docs.ts\``)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [file, text] of stale) writeFileSync(file, text)
}
