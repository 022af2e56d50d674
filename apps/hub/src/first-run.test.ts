import { describe, expect, it } from 'vitest'
import { formatGreeting } from './first-run.ts'

const local = {
  hubUrl: 'http://127.0.0.1:7300',
  linkUrl: 'http://localhost:7300',
  shareDomain: 'localhost:7300',
}

describe('formatGreeting', () => {
  it('shows a person on the default hub what to open and what to type, and nothing more than needed', () => {
    const text = formatGreeting({ ...local, signInToken: 'magic_tok_x' })
    expect(text).toContain('http://127.0.0.1:7300/signin#magic_tok_x')
    expect(text).toContain('   npx private-connect login && npx private-connect share 3000\n')
    expect(text).toContain('http://share-tok-….localhost:7300/')
  })

  it('names another hub in the commands, and takes the key where one was asked for', () => {
    const hub = { hubUrl: 'https://hub.example.com', linkUrl: 'https://link.example.com', shareDomain: null }
    expect(formatGreeting(hub)).toContain('login --hub https://hub.example.com && npx')
    expect(formatGreeting(hub)).toContain('https://link.example.com/shared/…')
    expect(formatGreeting(hub)).not.toContain('Sign in (once)')
    expect(formatGreeting({ ...local, apiKey: 'pc_live_x' })).toContain(
      'PRIVATE_CONNECT_API_KEY=pc_live_x npx private-connect share 3000\n',
    )
  })
})
