import type { ErrorRow } from '@private-connect/errors'

/** docs/errors.md, from the error table. */
export function formatErrorsDoc(table: Readonly<Record<string, ErrorRow>>): string {
  const rows = Object.entries(table).map(
    ([code, { status, trpc, fault, message }]) =>
      `| \`${code}\` | ${status} | \`${trpc}\` | ${fault} | ${message.replaceAll('|', '\\|')} |`,
  )
  return `# Errors

Every error answer has one body, over REST as it is and over tRPC in \`error.data\`:

\`\`\`json
{
  "error": "Not found",
  "message": "There is no such share.",
  "statusCode": 404,
  "code": "share.not_found",
  "requestId": "req-1"
}
\`\`\`

Programs branch on \`code\`; \`message\` is for people and may change. With \`request.invalid\` there is
\`issues: [{"path", "message"}]\`, one for each field to change. With status 429 there are \`retryAfter\` in seconds and the
header \`Retry-After\`. Another workspace's objects are answered exactly as unknown ones. What went wrong inside is in the hub's
log under the request id, never in the answer.

| code | status | tRPC | whose fault | message |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

This page is generated from \`packages/errors/src/error-table.ts\` by \`node tools/generate-docs.ts\`.
`
}
