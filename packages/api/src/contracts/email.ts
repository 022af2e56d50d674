import { z } from 'zod'

// RFC 5321's dot-string without quotes, comments and address literals, and without the characters that old relays
// read as a route (% ! |): what passes means one mailbox to every mail program.
const word = "[A-Za-z0-9#$&'*+/=?^_{}~-]+"
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
// A last label of digits only would be an IP address. `localhost` is for the owner of a hub on this machine.
const domain = `(?:localhost|(?:${label}\\.)+(?!\\d+$)${label})`
const mailbox = new RegExp(`^(?=[^@]{1,64}@)${word}(?:\\.${word})*@${domain}$`)

/** One mail address in ASCII, lower-cased after the check, since some letters outside ASCII lower-case into it. */
export const emailAddress = z
  .string()
  .trim()
  .max(254, { error: 'Must have at most 254 characters', abort: true })
  .regex(mailbox, { error: 'Must be one e-mail address such as you@example.com, in ASCII', abort: true })
  .overwrite((text) => text.toLowerCase())
  .meta({ description: 'An e-mail address.', examples: ['you@example.com'] })
