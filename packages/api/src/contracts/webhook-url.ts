import { z } from 'zod'

const lengthMax = 2048

/** Ports that speak something else, which a body of ours could be mistaken for: WHATWG Fetch's list, and databases. */
const refusedPorts = new Set(
  (
    '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 ' +
    '135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 ' +
    '995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080 ' +
    '1433 1521 2375 2379 3306 3389 5432 5984 6379 9042 9200 9300 11211 27017'
  ).split(' '),
)

/**
 * Where a webhook posts to, in the one spelling that it is called by. What its host may resolve to is for the hub to
 * judge, which knows the network.
 */
export const webhookUrl = z
  .string()
  .max(lengthMax, `Must have at most ${lengthMax} characters`)
  .transform((text, context) => {
    const problem = findProblem(text)
    if (problem === null) return new URL(text).href
    context.addIssue({ code: 'custom', message: problem })
    return z.NEVER
  })
  .meta({
    description: 'Where events are posted to. https, unless the hub’s operator lists its private address.',
    examples: ['https://example.com/hooks/private-connect'],
  })

function findProblem(text: string): string | null {
  if (/[\s\\#\p{Cc}]/u.test(text) || !/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) {
    return 'Must be a URL such as https://example.com/hooks, without spaces, backslashes or #'
  }
  const { username, password, port, href } = new URL(text)
  if (username !== '' || password !== '') return 'Must not have a user name or password'
  if (refusedPorts.has(port)) return `Port ${port} is not one of a web server`
  return href.length > lengthMax ? `Must have at most ${lengthMax} characters` : null
}
