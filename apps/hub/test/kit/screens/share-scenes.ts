import type { Scene, Stage } from './scene.ts'

const review = 'Design review'
const orders = 'Orders for the auditor'

async function fillNewShare(stage: Stage): Promise<void> {
  const { page } = stage
  await stage.press('New share')
  await page.getByRole('button', { name: /Service$/ }).click()
  await page.getByRole('option', { name: /^website/ }).click()
  await page.getByLabel('Name').fill('Partner preview')
  await page.getByLabel('What it is for (optional)').fill('Until the contract is signed')
}

/** Shares: the list, a new one, one share with all its tabs and dialogs. */
export const shareScenes: readonly Scene[] = [
  {
    name: 'shares',
    title: 'Shares',
    text: 'The first screen: each share with its state, and what is done most. A name leads to everything else.',
    go: async (stage) => stage.settle(),
  },
  {
    name: 'new-share',
    title: 'New share',
    text: 'What to share, for how long, and (unfolded here) what visitors may do, with examples of what a path lets through.',
    go: async (stage) => {
      await fillNewShare(stage)
      await stage.press('What visitors may do')
      await stage.page.getByLabel('Only these paths').fill('/api/*\n/health\nreports')
      await stage.page.getByText('passes /api/').waitFor()
    },
  },
  {
    name: 'new-share-database',
    title: 'New share of a database',
    text: 'For a database the rules are about queries: whether they may write, and which columns stay hidden.',
    go: async (stage) => {
      await stage.press('New share')
      await stage.page.getByRole('button', { name: /Service$/ }).click()
      await stage.page.getByRole('option', { name: /^orders-db/ }).click()
      await stage.press('What queries may do')
      await stage.page.getByLabel('Masked columns').waitFor()
    },
  },
  {
    name: 'new-link',
    title: 'The new link',
    text: 'Shown this once, to copy or to scan. The hub keeps only a fingerprint of it.',
    go: async (stage) => {
      await fillNewShare(stage)
      await stage.press('Share')
      await stage.page.getByText('Send this link').waitFor()
    },
  },
  {
    name: 'share',
    title: 'A share: overview',
    text: 'Requests over time, statuses, latency percentiles, paths and visitors.',
    go: async (stage) => {
      await stage.openShare(review)
      await stage.page.getByRole('heading', { name: 'Top visitors' }).waitFor()
    },
  },
  {
    name: 'share-requests',
    title: 'A share: requests',
    text: 'Every request, refused ones with the reason. Buttons write the usual filters; the list reads on as it is scrolled.',
    go: async (stage) => {
      await stage.openShare(review, 'Requests')
      await stage.press('4xx')
      await stage.page.getByRole('cell', { name: '/missing' }).first().waitFor()
    },
  },
  {
    name: 'share-request',
    title: 'One request',
    text: 'All that is kept of it, and the way to everything of the same address or visitor.',
    go: async (stage) => {
      await stage.openShare(review, 'Requests')
      await stage.press('/pricing')
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'share-activity',
    title: 'A share: activity',
    text: 'Who came, as it happens.',
    go: async (stage) => {
      await stage.openShare(review, 'Activity')
      await stage.page.getByText('Live', { exact: true }).waitFor()
    },
  },
  {
    name: 'share-change',
    title: 'Change a share',
    text: 'Name, end and rules; the link stays.',
    go: async (stage) => {
      await stage.openShare('Partner API')
      await stage.press('Change')
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'share-extend',
    title: 'Extend',
    text: 'A new end, from now on.',
    go: async (stage) => {
      await stage.press('Extend', stage.card(review))
      await stage.page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'share-revoke',
    title: 'Revoke',
    text: 'What cannot be undone is asked once more.',
    go: async (stage) => {
      await stage.openShare(review)
      await stage.press('Revoke')
      await stage.page.getByRole('alertdialog').waitFor()
    },
  },
  {
    name: 'share-ended',
    title: 'A share that has ended',
    text: 'Its log stays; nothing else is left to do with it.',
    go: async (stage) => {
      await stage.openShare('Old campaign page')
      await stage.page.getByText('Nobody opened this share in that time.').waitFor()
    },
  },
  {
    name: 'queries',
    title: 'A shared database: queries',
    text: 'Asked as visitors ask: read-only, masked, recorded. Below is everything that was asked so far.',
    go: async (stage) => {
      await stage.openShare(orders, 'Queries')
      await stage.page.getByLabel('Query').fill('SELECT id, email, created_at FROM users ORDER BY id')
      await stage.press('Run')
      await stage.page.getByRole('button', { name: 'Save as CSV' }).waitFor()
    },
  },
  {
    name: 'query-running',
    title: 'A query that runs',
    text: 'It can be stopped, which cancels it in the database; leaving the screen does the same.',
    go: async (stage) => {
      await stage.openShare(orders, 'Queries')
      const query = "SELECT count(*) FROM generate_series(1, 1e9) AS n WHERE n::text LIKE '%x'"
      await stage.page.getByLabel('Query').fill(query)
      await stage.press('Run')
      await stage.page.getByText('Asking the database …').waitFor()
    },
  },
  {
    name: 'query-row',
    title: 'One row',
    text: 'A row with all that its cells have no room for.',
    go: async (stage) => {
      await stage.openShare(orders, 'Queries')
      await stage.page
        .getByLabel('Query')
        .fill("SELECT id, json_build_object('id', id, 'since', created_at) AS document FROM users")
      await stage.press('Run')
      await stage.press('Show row 1 in full')
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'query-problem',
    title: 'A query that fails',
    text: 'What the database says, and where in the query.',
    go: async (stage) => {
      await stage.openShare(orders, 'Queries')
      await stage.page.getByLabel('Query').fill('SELECT id,\n       total\nFROM users')
      await stage.press('Run')
      await stage.page.getByRole('alert').waitFor()
    },
  },
]
