import { describe, expect, it } from 'vitest'
import { isNoise } from './noise.ts'

const listener = (processName: string | null, port: number, commandLine = '') =>
  ({ port, hosts: ['127.0.0.1'], pid: 7, processName, commandLine }) as const

describe('isNoise', () => {
  it.each([
    [null, 631],
    [null, 53],
    ['cupsd', 8631],
    ['systemd-resolved', 5355],
    ['ControlCenter', 7000],
    ['rapportd', 49_152],
    ['svchost', 49_670],
    ['Code Helper (Plugin)', 51_234],
    ['Spotify', 57_621],
    [null, 49_664],
    ['node', 9229],
  ])('leaves %s at %i out', (name, port) => {
    expect(isNoise(listener(name, port))).toBe(true)
  })

  it('leaves debuggers out, and keeps what is debugged', () => {
    const commandLine = 'node --inspect=127.0.0.1:9300 server.js'
    expect(isNoise(listener('node', 9300, commandLine))).toBe(true)
    expect(isNoise(listener('node', 3000, commandLine))).toBe(false)
    expect(isNoise(listener('app', 9222, 'app --remote-debugging-port=9222'))).toBe(true)
  })

  it.each([
    ['node', 3000],
    ['postgres', 5432],
    ['sshd', 22],
    [null, 8080],
    ['docker-proxy', 8081],
    ['python3.12', 5000],
    ['coder', 7080],
  ])('keeps %s at %i', (name, port) => {
    expect(isNoise(listener(name, port))).toBe(false)
  })
})
