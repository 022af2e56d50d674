import { findVersion, runTool } from './run-tool.ts'

/** Programs that nothing can be measured without, and Debian's packages that bring them. */
const required = [
  { command: 'nginx', args: ['-v'], debianPackage: 'nginx' },
  { command: 'wrk', args: ['-v'], debianPackage: 'wrk' },
  { command: 'curl', args: ['--version'], debianPackage: 'curl' },
  { command: 'ssh', args: ['-V'], debianPackage: 'openssh-client' },
  { command: '/usr/sbin/sshd', args: ['-V'], debianPackage: 'openssh-server' },
]

/** Installs missing packages as root; otherwise rejects with the command that does. */
export async function requireTools(): Promise<void> {
  const missing = await findMissing()
  if (missing.length === 0) return
  const install = ['install', '-y', '--no-install-recommends', ...missing]
  if (process.getuid?.() !== 0) {
    throw new Error(`Missing programs. Install them first: sudo apt-get ${install.join(' ')}`)
  }
  console.log(`installing ${missing.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runTool({ command: 'apt-get', args: ['update'], timeoutMs: 120_000, env })
  await runTool({ command: 'apt-get', args: install, timeoutMs: 300_000, env })
  const stillMissing = await findMissing()
  if (stillMissing.length > 0) throw new Error(`apt-get did not bring ${stillMissing.join(', ')}`)
}

async function findMissing(): Promise<string[]> {
  const missing: string[] = []
  for (const { command, args, debianPackage } of required) {
    if ((await findVersion(command, args)) === undefined) missing.push(debianPackage)
  }
  return missing
}
