import { hasErrnoCode } from './embedded-error.ts'

/** Whether any process has this id, be it another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasErrnoCode(error, 'EPERM')
  }
}
