import { showApp } from './show-app.tsx'

showApp()
