import { expect, it } from 'vitest'
import { writeShareCommands } from './write-commands.ts'

it.each([
  ['http://127.0.0.1:7300', ''],
  ['app://private-connect', ''],
  ['https://hub.example.com', ' --hub https://hub.example.com'],
])('a page of %s says%s', (origin, hub) => {
  expect(writeShareCommands(origin)).toBe(
    `npx private-connect login${hub}\nnpx private-connect share 3000${hub}`,
  )
})
