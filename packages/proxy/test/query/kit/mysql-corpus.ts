import { readFileSync } from 'node:fs'

/** One statement a line; `#` at the beginning is a heading, `⏎` a line feed and `␌` a form feed. */
export function readCorpus(name: string): string[] {
  const text = readFileSync(new URL(`../corpus/${name}.sql`, import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replaceAll('⏎', '\n').replaceAll('␌', '\f'))
}
