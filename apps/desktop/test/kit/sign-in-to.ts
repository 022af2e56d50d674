import type { TestHub } from '@private-connect/sharing/testing'

/** What the hub's local owner calls with, from the link that it printed. */
export async function signInTo({
  url,
  signInUrl,
}: Pick<TestHub, 'url' | 'signInUrl'>): Promise<{ readonly authorization: string }> {
  const token = new URL(signInUrl).hash.slice(1)
  const answer = await fetch(`${url}/v1/auth/verify?token=${token}`)
  const session = /session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1]
  if (session === undefined) throw new Error(`The hub let nobody in: ${answer.status} ${await answer.text()}`)
  return { authorization: `Bearer ${session}` }
}
