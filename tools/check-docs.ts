/** Documents may only name files that exist and must stay short; see GUIDE's review points. */
import { existsSync, readFileSync } from 'node:fs'
import { findDocProblems } from './doc-rules.ts'

const limits = new Map([
  ['README.md', 150],
  ['docs/ARCHITECTURE.md', 150],
])
const problems = [...limits].flatMap(([file, linesMax]) =>
  existsSync(file)
    ? findDocProblems({ file, text: readFileSync(file, 'utf8'), linesMax, pathExists: existsSync })
    : [`${file} is missing`],
)
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
