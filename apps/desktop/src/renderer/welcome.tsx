import type { DesktopBridge } from '../shared/ipc.ts'
import { Mark } from './mark.tsx'
import { useAppInfo } from './use-app-info.ts'

const steps = [
  {
    title: 'Start a hub',
    command: 'npm start',
    text: 'In the project folder, and leave it running.',
  },
  {
    title: 'Make an API key',
    command: 'npm run api-key',
    text: 'In a second terminal. Put the key into the variable PRIVATE_CONNECT_API_KEY there.',
  },
  {
    title: 'Share a port',
    command: 'npx private-connect share 3000',
    text: 'While your app listens on port 3000. It prints the link, and each visit. Ctrl-C revokes it.',
  },
] as const

/** The window's only page for now: what this is, which version, and how to share from a terminal. */
export function Welcome({ bridge }: { readonly bridge: DesktopBridge }) {
  return (
    <div className="page">
      <header className="masthead">
        <Mark />
        <div>
          <h1>Private Connect</h1>
          <p>Share a private service by link: safely, for a limited time.</p>
        </div>
      </header>
      <main>
        <section className="card" aria-labelledby="how">
          <h2 id="how">Share from a terminal</h2>
          <p className="lead">
            This version of the app shows how. The sharing itself runs on the command line.
          </p>
          <ol className="steps">
            {steps.map((step) => (
              <li key={step.title}>
                <h3>{step.title}</h3>
                <p>{step.text}</p>
                <code>{step.command}</code>
              </li>
            ))}
          </ol>
        </section>
      </main>
      <footer>
        <AppVersion bridge={bridge} />
      </footer>
    </div>
  )
}

function AppVersion({ bridge }: { readonly bridge: DesktopBridge }) {
  const state = useAppInfo(bridge)
  if (state.status === 'failed') return <p role="alert">{state.message}</p>
  if (state.status === 'loading') return <output>Reading the version …</output>
  return (
    <output>
      {state.info.name} {state.info.version} on Electron {state.info.electronVersion}
    </output>
  )
}
