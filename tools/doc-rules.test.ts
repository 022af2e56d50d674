import { expect, it } from 'vitest'
import { findDocProblems } from './doc-rules.ts'

const check = (text: string, file = 'README.md') =>
  findDocProblems({
    file,
    text,
    linesMax: 3,
    pathExists: (path) => path === 'apps/hub/src/main.ts' || path === 'docs/a.md',
  })

it('takes paths and links that exist', () => {
  expect(check('`apps/hub/src/main.ts` [a](docs/a.md#part) [web](https://example.com) `npm test`')).toEqual(
    [],
  )
  expect(check('[a](a.md)', 'docs/ARCHITECTURE.md')).toEqual([])
})

it('names what does not exist and what is too long', () => {
  expect(check('`apps/hub/src/gone.ts`')).toEqual([
    'README.md names apps/hub/src/gone.ts, which does not exist',
  ])
  expect(check('[a](docs/gone.md)')).toEqual(['README.md names docs/gone.md, which does not exist'])
  expect(check('a\nb\nc\nd\n')).toEqual(['README.md has 4 lines, at most 3'])
})
