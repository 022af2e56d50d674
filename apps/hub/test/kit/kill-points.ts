/** How often a hub is killed at a random moment: ten times in `npm test`, as often as it says in `npm run soak:kills`. */
export const killPoints = Number(process.env['KILL_POINTS'] ?? 10)

export const killDeadlineMs = killPoints * 30_000
