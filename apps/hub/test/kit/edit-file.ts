import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Changes a project as its author would; throws where the text is not there. */
export function editFile(root: string, [file, from, to]: readonly [string, string, string]): void {
  const path = join(root, file)
  const before = readFileSync(path, 'utf8')
  if (!before.includes(from)) throw new Error(`${file} does not contain ${from}`)
  writeFileSync(path, before.replace(from, to))
}
