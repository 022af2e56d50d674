// `electron PATH` loads an unpackaged app, as Electron's own default app does.
const { app } = require('electron')
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const url = require('node:url')

async function load(target) {
  const root = path.resolve(target)
  const manifest = path.join(root, 'package.json')
  const entry = Module._resolveFilename(root, null, true)
  if (fs.existsSync(manifest)) {
    const { name, productName, version } = JSON.parse(fs.readFileSync(manifest, 'utf8'))
    if (version) app.setVersion(version)
    app.name = productName || name || app.name
    app.setAppPath(root)
  } else {
    app.setAppPath(path.dirname(entry))
  }
  await import(url.pathToFileURL(entry).href)
}

let target
for (let args = process.argv.slice(1); args.length > 0;) {
  const argument = args.shift()
  if (argument === '-r' || argument === '--require') Module._load(path.resolve(args.shift()), null, false)
  else if (!argument.startsWith('-')) {
    target = argument
    break
  }
}
if (target === undefined) {
  console.log(`Electron ${process.versions.electron}`)
  app.exit(0)
} else {
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
  load(target).catch((error) => {
    console.error('The app failed to load:', error)
    app.exit(1)
  })
}
