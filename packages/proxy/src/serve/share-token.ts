const tokenPattern = /^share_tok_[a-z2-7]{26}$/
const labelPattern = /^share(?:-tok-|_tok_)([a-z2-7]{26})$/
const anywhere = /share[-_]tok[-_]([a-z2-7]{3})[a-z2-7]{23}/gi

/** Length of `share_tok_` and 26 characters. */
export const tokenLength = 36

export function isShareToken(text: string): boolean {
  return text.length === tokenLength && tokenPattern.test(text)
}

/** The token that a host's first label stands for; null when the label is not of exactly that form. */
export function tokenOfLabel(label: string): string | null {
  const secret = labelPattern.exec(label)?.[1]
  return secret === undefined ? null : `share_tok_${secret}`
}

/** The label with hyphens: an underscore is not legal in a name that a TLS wildcard certificate covers. */
export function labelOfToken(token: string): string {
  return `share-tok-${token.slice('share_tok_'.length)}`
}

/** Replaces every share token, in either form, by its preview of 13 characters and `...`. */
export function maskTokens(text: string): string {
  return /share/i.test(text) ? text.replace(anywhere, 'share_tok_$1...') : text
}
