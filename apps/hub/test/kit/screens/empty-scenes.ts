import type { Scene } from './scene.ts'

/** What a new workspace shows, and what is seen while the hub does not answer. They come before it is filled. */
export const emptyScenes: readonly Scene[] = [
  {
    name: 'empty-shares',
    title: 'Nothing is shared yet',
    text: 'The first screen of a new workspace says how to begin.',
    go: async (stage) => stage.settle(),
  },
  {
    name: 'empty-new-share',
    title: 'New share without a service',
    text: 'There is nothing to share yet: how to get it.',
    go: async (stage) => {
      await stage.press('New share')
      await stage.page.getByText('There is no service to share yet.').waitFor()
    },
  },
  ...(['Services', 'Agents', 'Webhooks'] as const).map((screen) => ({
    name: `empty-${screen.toLowerCase().replace(' ', '-')}`,
    title: `${screen}, empty`,
    text: 'An empty list says what it is for and how the first entry gets there.',
    go: async (stage: Parameters<Scene['go']>[0]) => stage.open(screen),
  })),
  {
    name: 'empty-api-keys',
    title: 'API keys, empty',
    text: 'What a key is for, while there is none.',
    go: async (stage) => {
      // The workspace has one all the same: whatever fills it needs it.
      const none = { items: [], nextCursor: null }
      await stage.page.route(/\/trpc\/apiKeys\.list\?/, async (route) =>
        route.fulfill({ json: [{ result: { data: { json: none } } }] }),
      )
      await stage.open('API keys')
      await stage.page.getByText('No keys yet').waitFor()
    },
  },
  {
    name: 'loading',
    title: 'Waiting for the hub',
    text: 'While a list is read, its place says so.',
    go: async ({ page }) => {
      await page.route('**/trpc/**', () => undefined)
      await page.getByRole('navigation').getByRole('link', { name: 'Agents' }).click()
      await page.getByText('Reading from the hub …').waitFor()
    },
  },
  {
    name: 'hub-away',
    title: 'The hub does not answer',
    text: 'A failure says what is wrong, and offers to try again.',
    go: async ({ page }) => {
      await page.route('**/trpc/**', async (route) => route.abort())
      await page.getByRole('navigation').getByRole('link', { name: 'Webhooks' }).click()
      await page.getByRole('button', { name: 'Try again' }).waitFor()
    },
  },
]
