export interface DocFacts {
  readonly file: string
  readonly text: string
  readonly linesMax: number
  readonly pathExists: (path: string) => boolean
}

/** Paths of the repository in back quotes or link targets that do not exist, and a document that grew too long. */
export function findDocProblems(facts: DocFacts): string[] {
  const lineCount = facts.text.trimEnd().split('\n').length
  const tooLong =
    lineCount > facts.linesMax ? [`${facts.file} has ${lineCount} lines, at most ${facts.linesMax}`] : []
  const folder = facts.file.includes('/') ? facts.file.slice(0, facts.file.lastIndexOf('/') + 1) : ''
  const missing = [
    ...[...facts.text.matchAll(/`((?:apps|packages|bench|tools|docs|\.ci)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    ),
    ...[...facts.text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(
      ([, path = '']) => folder + path,
    ),
  ].filter((path) => !facts.pathExists(path))
  return [...tooLong, ...missing.map((path) => `${facts.file} names ${path}, which does not exist`)]
}
