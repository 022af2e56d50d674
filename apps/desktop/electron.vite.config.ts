import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

// Every dependency is bundled: the packed app carries no node_modules, and a sandboxed preload can load nothing but Electron.
export default defineConfig({
  main: { build: { externalizeDeps: false } },
  preload: {
    build: {
      externalizeDeps: false,
      // A sandboxed preload script cannot be an ES module.
      rolldownOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    plugins: [react()],
    // The strict CSP allows no data: addresses, so small assets stay files, and Chromium needs no preload polyfill.
    build: { assetsInlineLimit: 0, modulePreload: false, minify: true },
    // The window asks at its own origin, and the main process passes it on; live updates come straight from here.
    server: { hmr: { protocol: 'ws', host: 'localhost' } },
  },
})
