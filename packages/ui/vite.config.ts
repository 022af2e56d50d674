import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // Apart from the hub's own /assets.
  build: { assetsDir: 'dashboard', assetsInlineLimit: 0, modulePreload: false },
})
