import { describe, expect, it } from 'vitest'
import { isHubsOwnPage } from './sign-in-page.ts'

// Guarantee: whatever a hub answers, no page of another server is opened unasked.
describe('isHubsOwnPage', () => {
  it.each([
    ['https://hub.example.com/device#ABCD', 'https://hub.example.com'],
    ['http://localhost:7300/device', 'http://127.0.0.1:7300'],
    ['http://[::1]:7300/device', 'http://localhost:7300'],
  ])('takes %s of %s', (page, hub) => {
    expect(isHubsOwnPage(page, hub)).toBe(true)
  })

  it.each([
    ['https://evil.example/device', 'https://hub.example.com'],
    ['https://hub.example.com.evil.example/', 'https://hub.example.com'],
    ['https://hub.example.com:444/', 'https://hub.example.com'],
    ['http://hub.example.com/', 'https://hub.example.com'],
    ['https://ada@hub.example.com/', 'https://hub.example.com'],
    ['http://127.0.0.1:631/admin?cancel=all', 'https://hub.example.com'],
    ['http://127.0.0.1:631/', 'http://127.0.0.1:7300'],
    ['http://127.0.0.1:7300/', 'http://hub.example.com:7300'],
    ['http://localhost/', 'http://hub.example.com'],
    ['https://localhost:7300/', 'http://localhost:7300'],
    ['file:///etc/passwd', 'https://hub.example.com'],
    ['javascript:alert(1)', 'https://hub.example.com'],
    ['not an address', 'https://hub.example.com'],
  ])('does not take %s of %s', (page, hub) => {
    expect(isHubsOwnPage(page, hub)).toBe(false)
  })
})
