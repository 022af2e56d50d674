import { vi } from 'vitest'

/** Waits until the check no longer throws; generous, because the machine may be busy with other tests. */
export function eventually<T>(
  check: () => T | Promise<T>,
  options: { timeout?: number; interval?: number } = {},
): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000, interval: 10, ...options })
}
