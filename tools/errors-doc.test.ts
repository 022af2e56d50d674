import { errorTable } from '@private-connect/errors'
import { expect, it } from 'vitest'
import { formatErrorsDoc } from './errors-doc.ts'

it('has one row for each error, with its status and sentence', () => {
  const text = formatErrorsDoc(errorTable)
  for (const [code, { status, message }] of Object.entries(errorTable)) {
    const rows = text.split('\n').filter((line) => line.startsWith(`| \`${code}\` |`))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toContain(`| ${status} |`)
    expect(rows[0]).toContain(message)
  }
})
