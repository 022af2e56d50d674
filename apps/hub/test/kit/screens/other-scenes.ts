import type { Scene } from './scene.ts'

/** Everything beside shares. */
export const otherScenes: readonly Scene[] = [
  {
    name: 'activity',
    title: 'Activity',
    text: 'What happens in the workspace, as it happens.',
    go: async (stage) => {
      await stage.open('Activity')
      await stage.page.getByText('Live', { exact: true }).waitFor()
    },
  },
  {
    name: 'services',
    title: 'Services',
    text: 'What can be shared, whether it answers, and how it was last found.',
    go: async (stage) => {
      await stage.open('Services')
      await stage.press('Check now', stage.card('website'))
      await stage.page.getByText('Connection').first().waitFor()
    },
  },
  {
    name: 'service-add',
    title: 'Add a service',
    text: 'A target that the hub reaches by itself.',
    go: async (stage) => {
      await stage.open('Services')
      await stage.press('Add a service')
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'service-change',
    title: 'Change a service',
    text: 'Where it leads and what it speaks.',
    go: async (stage) => {
      await stage.open('Services')
      await stage.press('Change', stage.card('orders-db'))
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'service-login',
    title: 'Database login',
    text: 'What queries sign in with; it is kept encrypted and never shown again.',
    go: async (stage) => {
      await stage.open('Services')
      await stage.press('Database login', stage.card('orders-db'))
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'agents',
    title: 'Agents',
    text: 'Machines that keep a tunnel to the hub, and what is shared from them.',
    go: async (stage) => {
      await stage.open('Agents')
      await stage.page.getByText('checkout-dev').waitFor()
    },
  },
  {
    name: 'api-keys',
    title: 'API keys',
    text: 'For programs; each can be limited to addresses.',
    go: async (stage) => stage.open('API keys'),
  },
  {
    name: 'api-key-new',
    title: 'A new key',
    text: 'Shown this once.',
    go: async (stage) => {
      await stage.open('API keys')
      await stage.press('New key')
      await stage.page.getByLabel('Name').fill('deploy script')
      await stage.press('Create')
      await stage.page.getByText('Your key').waitFor()
    },
  },
  {
    name: 'api-key-addresses',
    title: 'Addresses of a key',
    text: 'From where a key may be used.',
    go: async (stage) => {
      await stage.open('API keys')
      await stage.press('Limit to addresses')
      await stage.page.getByLabel('Only from these addresses').waitFor()
    },
  },
  {
    name: 'webhooks',
    title: 'Webhooks',
    text: 'Addresses that are told what happens, and whether they take it.',
    go: async (stage) => stage.open('Webhooks'),
  },
  {
    name: 'webhook-new',
    title: 'New webhook',
    text: 'Where to, and of what.',
    go: async (stage) => {
      await stage.open('Webhooks')
      await stage.press('New webhook')
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'webhook-deliveries',
    title: 'Deliveries of a webhook',
    text: 'What was sent, what came back, and what is tried again.',
    go: async (stage) => {
      await stage.open('Webhooks')
      await stage.press('Deliveries', stage.card('Billing'))
      await stage.page.getByText('It answered 404').first().waitFor()
    },
  },
  {
    name: 'audit',
    title: 'Audit log',
    text: 'Who administered what; each entry seals those before it.',
    go: async (stage) => stage.open('Audit log'),
  },
  {
    name: 'settings',
    title: 'Settings',
    text: 'The workspace, what its shares may do, mails, and where one is signed in.',
    go: async (stage) => {
      await stage.open('Settings')
      await stage.page.getByRole('heading', { name: 'Sessions' }).waitFor()
      await stage.settle()
    },
  },
]
