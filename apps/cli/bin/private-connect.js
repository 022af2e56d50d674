#!/usr/bin/env node
// Plain JavaScript that every Node understands, so that an old one gets a sentence instead of a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 19)) {
  await import('../src/main.ts')
} else {
  process.stderr.write(
    `private-connect needs Node 22.19 or newer, this is ${process.versions.node}. On Linux x64, npm ci in the project ` +
      'folder brings a suitable Node and npx uses it; elsewhere install one from https://nodejs.org\n',
  )
  process.exitCode = 1
}
