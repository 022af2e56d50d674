import type { Locator, Page } from 'playwright-core'

/** One state of one screen, and how a person gets there. */
export interface Scene {
  /** The picture's file. */
  readonly name: string
  readonly title: string
  /** What is seen there, as a sentence. */
  readonly text: string
  /** From the first screen of whoever is signed in. */
  readonly go: (stage: Stage) => Promise<void>
}

export class Stage {
  readonly page: Page
  readonly hubUrl: string

  constructor(page: Page, hubUrl: string) {
    this.page = page
    this.hubUrl = hubUrl
  }

  /** The first screen as after a page load: nothing that was open before is left. */
  async begin(): Promise<void> {
    await this.page.unrouteAll({ behavior: 'ignoreErrors' })
    await this.page.goto('about:blank')
    await this.page.goto(`${this.hubUrl}/#/shares`)
    await this.page.getByRole('heading', { level: 1, name: 'Shares' }).waitFor()
  }

  async open(screen: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: screen }).click()
    await this.page.getByRole('heading', { level: 1, name: screen }).waitFor()
    await this.settle()
  }

  async openShare(name: string, tab?: string): Promise<void> {
    await this.page.getByRole('link', { name, exact: true }).click()
    await this.page.getByRole('heading', { level: 1, name }).waitFor()
    if (tab !== undefined) await this.page.getByRole('tab', { name: tab }).click()
    await this.settle()
  }

  press(name: string | RegExp, within: Page | Locator = this.page): Promise<void> {
    return within
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .click()
  }

  /** A card by a text that it has. */
  card(text: string): Locator {
    return this.page.locator('.card').filter({ hasText: text })
  }

  /** Lists are there, or say that they are empty. */
  async settle(): Promise<void> {
    await this.page.getByText('Reading from the hub …').first().waitFor({ state: 'detached' })
  }
}
