import { Brand } from './brand.tsx'

/** What the hub's own address shows to whoever is not signed in. */
export function Welcome() {
  return (
    <main className="welcome">
      <Brand />
      <h1>This is a Private Connect hub</h1>
      <p className="soft">
        It passes shared links on to the apps that people behind it have shared. If somebody sent you a link,
        open that link.
      </p>
      <p className="row">
        <a className="button button-main" href="/signin">
          Sign in
        </a>
        <a className="button button-plain" href="/register">
          Create an account
        </a>
        <a className="button button-quiet" href="/docs">
          API reference
        </a>
      </p>
      <p className="hint">Is this hub new and yours? Its terminal has a link that signs you in once.</p>
    </main>
  )
}
