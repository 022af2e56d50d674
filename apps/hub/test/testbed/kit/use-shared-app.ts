import { afterAll, beforeAll } from 'vitest'
import { startLinkForms, type LinkForms } from './link-forms.ts'

interface Stoppable {
  readonly stop: () => Promise<void>
}

export interface SharedApp<App> {
  readonly forms: LinkForms
  readonly app: App
}

/** Starts both hubs, the browser and an app before the tests of a file, and stops them afterwards. */
export function useSharedApp<App extends Stoppable>(start: () => Promise<App>): SharedApp<App> {
  let started: SharedApp<App> | undefined
  const stops: Stoppable[] = []

  beforeAll(async () => {
    const keep = async <T extends Stoppable>(starting: Promise<T>): Promise<T> => {
      const one = await starting
      stops.push(one)
      return one
    }
    const [forms, app] = await Promise.all([keep(startLinkForms()), keep(start())])
    started = { forms, app }
  })

  afterAll(async () => {
    await Promise.all(stops.map(async ({ stop }) => stop()))
  })

  const get = (): SharedApp<App> => {
    if (started === undefined) throw new Error('The app is there only while tests run.')
    return started
  }
  return {
    get forms() {
      return get().forms
    },
    get app() {
      return get().app
    },
  }
}
