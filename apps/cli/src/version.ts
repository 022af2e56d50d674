import manifest from '../package.json' with { type: 'json' }

/** This program's version, as the hub and `--version` show it. */
export const { version } = manifest
