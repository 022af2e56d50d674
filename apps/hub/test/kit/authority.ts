import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface IssuedCertificate {
  /** The certificate authority's own certificate, in PEM form, and where it is. */
  readonly ca: string
  readonly caFile: string
  readonly certificateFile: string
  readonly keyFile: string
}

/** A certificate for these names by an authority of its own, made by the system's openssl in this folder. */
export function issueCertificate(folder: string, names: readonly string[]): IssuedCertificate {
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(...newKey, '-x509', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '30')
  writeFileSync(
    join(folder, 'leaf.ext'),
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\nbasicConstraints=CA:FALSE\n`,
  )
  openssl(...newKey, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=hub')
  const sign = ['x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '7']
  openssl(...sign, '-extfile', 'leaf.ext', '-days', '30', '-out', 'leaf.pem')
  return {
    ca: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    caFile: join(folder, 'ca.pem'),
    certificateFile: join(folder, 'leaf.pem'),
    keyFile: join(folder, 'leaf.key'),
  }
}
