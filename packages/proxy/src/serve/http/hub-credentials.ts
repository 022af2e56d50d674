/** A session, key or token of the hub, wherever it stands in a value. */
const credential = /(?<![a-z0-9])(sess|pc_live|(?:agent|browser|magic|device|visitor)_tok)_[a-z0-9]/i
const wholeCredential = new RegExp(`${credential.source}+`, 'gi')

/** Headers in which a credential would be a credential, and those of no known meaning; cookies are looked at one by one. */
export function mayHoldCredential(name: string): boolean {
  return name !== 'cookie' && name !== 'content-length' && name !== 'user-agent' && !name.startsWith('accept')
}

/** Removes a header whose value holds a credential of the hub: the shared app is not the hub and must not act as it. */
export function dropCredentials(value: string): string | null {
  return value.includes('_') && credential.test(value) ? null : value
}

/** Removes single cookies that hold a credential of the hub; the app's own, `session` among them, stay as they are. */
export function keepOtherCookies(value: string): string | null {
  if (!value.includes('_') || !credential.test(value)) return value
  const kept = value.split(';').filter((pair) => !credential.test(pair.slice(pair.indexOf('=') + 1)))
  return kept.length === 0 ? null : kept.join(';').trim()
}

/** For what is stored and shown: each credential of the hub is replaced by its kind and `...`. */
export function maskCredentials(text: string): string {
  return text.includes('_') ? text.replace(wholeCredential, '$1_...') : text
}
