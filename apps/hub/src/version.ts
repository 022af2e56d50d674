import packageJson from '../package.json' with { type: 'json' }

/** The hub's version, as agents and the API reference see it. */
export const hubVersion: string = packageJson.version
