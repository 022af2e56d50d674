/** Who may make an account: everybody, nobody, or whoever has an address at one of these domains. */
export type Registration = 'open' | 'closed' | { readonly domains: readonly string[] }

/** Whether an address may make an account; one that has an account is never asked. */
export function mayRegister(registration: Registration, email: string): boolean {
  if (typeof registration === 'string') return registration === 'open'
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  return registration.domains.includes(domain)
}
