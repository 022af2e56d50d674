import { fileURLToPath } from 'node:url'

/** Where the built dashboard lies: `index.html` and the files that it names. */
export const dashboardFolder = fileURLToPath(new URL('../dist', import.meta.url))
