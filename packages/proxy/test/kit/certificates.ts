import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

export interface TestAuthority {
  /** The authority's own certificate, in PEM form. */
  readonly ca: string
  /** A certificate for these names, signed by the authority unless it signs itself; ends after `days` (may be past). */
  issue(names: string, options?: { days?: number; isSelfSigned?: boolean }): Certificate
  remove(): void
}

/** A certificate authority for one test file, by the system's openssl. */
export function createAuthority(): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-certs-'))
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(...newKey, '-x509', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '30')
  let issued = 0
  return {
    ca: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    issue(names, options = {}) {
      issued += 1
      const name = `leaf${issued}`
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`)
      openssl(...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=hub')
      const signer = options.isSelfSigned
        ? ['-signkey', `${name}.key`]
        : ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', String(issued)]
      const dates = options.days === undefined ? ['-days', '30'] : ['-days', String(options.days)]
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        ...signer,
        '-extfile',
        `${name}.ext`,
        ...dates,
        '-out',
        `${name}.pem`,
      )
      return {
        key: readFileSync(join(folder, `${name}.key`), 'utf8'),
        cert: readFileSync(join(folder, `${name}.pem`), 'utf8'),
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
