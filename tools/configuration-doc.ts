import { z } from 'zod'

export interface Setting {
  readonly name: string
  readonly text: string
  /** As it would stand in the environment; undefined where the description says what happens without it. */
  readonly defaultValue: string | undefined
}

/** Every variable of the hub's schema in its order. */
export function listSettings(schema: z.ZodObject): Setting[] {
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    text: (field as z.ZodType).description ?? '',
    defaultValue: defaultOf(field as z.ZodType),
  }))
}

function defaultOf(field: z.ZodType): string | undefined {
  if (!(field instanceof z.ZodDefault)) return undefined
  const value: unknown = field.def.defaultValue
  return Array.isArray(value) ? 'none' : String(value)
}

/** docs/configuration.md */
export function formatConfigurationDoc(settings: readonly Setting[]): string {
  const rows = settings.map(
    ({ name, text, defaultValue }) =>
      `| \`${name}\` | ${text.replaceAll('|', '\\|')} | ${defaultValue === undefined ? '' : `\`${defaultValue}\``} |`,
  )
  return `# Configuration

The hub is configured by environment variables only. It checks all of them at the start, lists every problem at once, and exits
with code 1 when there is one. An empty variable counts as not set. This page is generated from \`apps/hub/src/env-schema.ts\` by
\`node tools/generate-docs.ts\`.

| variable | meaning | default |
| --- | --- | --- |
${rows.join('\n')}

With \`DATABASE_URL\` the hub counts as a production hub: \`HUB_SECRET\`, \`HUB_URL\` and \`LINK_URL\` are then required, and both URLs
must begin with https:// unless they are on this machine.

Hosts of external services are looked up in the hosts file and by the system's name servers, as they are written: neither search
domains nor mDNS (\`.local\`) are used. Write the full name, put it into the hosts file, or give an address. Of the look-ups that
run at once one workspace has a part only, so that silent name servers of one do not delay the others.
`
}

/** .env.example: every variable, commented out, with its meaning. */
export function formatEnvExample(settings: readonly Setting[]): string {
  const blocks = settings.map(
    ({ name, text, defaultValue }) =>
      `# ${text}\n#${name}=${defaultValue === 'none' ? '' : (defaultValue ?? '')}\n`,
  )
  return `# The hub's settings; docs/configuration.md has the same as a table.\n\n${blocks.join('\n')}`
}
