import type { Configuration } from 'electron-builder'

/**
 * How the app is packed for the three systems. Everything is bundled into `out/` before (`electron-vite build`), so a package holds
 * that folder and nothing else. docs/desktop.md says how to build, and what the owner's certificates are needed for.
 */
const config: Configuration = {
  appId: 'org.privateconnect.desktop',
  productName: 'Private Connect',
  copyright: 'MIT licence',
  artifactName: 'private-connect-desktop-${version}-${os}-${arch}.${ext}',
  // A .deb must name a page and a maintainer. Whoever publishes names theirs, see docs/desktop.md.
  extraMetadata: { homepage: 'https://privateconnect.invalid' },
  directories: { output: 'dist', buildResources: 'packaging' },
  files: ['out/**', 'package.json', '!**/node_modules/**', '!**/*.map'],
  asar: true,
  npmRebuild: false,
  // The window speaks English only; Chromium's other languages would be a third of the package's files.
  electronLanguages: ['en', 'en-US'],
  protocols: [{ name: 'Private Connect', schemes: ['privateconnect'] }],
  // No feed: the app has no updater of its own, see docs/desktop.md.
  publish: null,
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: ['AppImage', 'deb', 'tar.gz'],
    // Not `private-connect`: that is the headless agent's command.
    executableName: 'private-connect-desktop',
    syncDesktopName: true,
    icon: 'packaging/icons',
    category: 'Development',
    synopsis: 'Share a local port by link',
    maintainer: 'Private Connect contributors <contributors@privateconnect.invalid>',
    desktop: { entry: { Keywords: 'share;tunnel;port;link;localhost;', StartupNotify: 'true' } },
  },
  deb: { packageName: 'private-connect-desktop' },
  mac: {
    target: ['dmg', 'zip'],
    icon: 'packaging/icon.icns',
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
    entitlements: 'packaging/entitlements.mac.plist',
    entitlementsInherit: 'packaging/entitlements.mac.plist',
    // Happens only where the owner's Apple credentials are in the environment.
    notarize: true,
    extendInfo: {
      // A Dock icon stays: menu bar icons can hide behind a notch, and the app must be reachable without one.
      LSUIElement: false,
      NSLocalNetworkUsageDescription:
        'To reach a hub, and services that you share, on other machines of your network.',
    },
  },
  win: { target: ['nsis'], icon: 'packaging/icon.ico' },
  nsis: {
    // One user, no administrator: what the app shares and stores is that user's.
    oneClick: true,
    perMachine: false,
    deleteAppDataOnUninstall: false,
    include: 'packaging/installer.nsh',
  },
}

export default config
