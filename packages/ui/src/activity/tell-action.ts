const actions: Readonly<Record<string, string>> = {
  'agent.registered': 'added a machine',
  'agent.token_rotated': 'gave a machine a new token',
  'agent.deleted': 'removed a machine',
  'api_key.created': 'made an API key',
  'api_key.restricted': 'limited an API key to addresses',
  'api_key.revoked': 'revoked an API key',
  'service.created': 'added a service',
  'service.registered': 'added a service',
  'service.updated': 'changed a service',
  'service.deleted': 'deleted a service',
  'service.credentials_set': 'stored a database login',
  'service.credentials_removed': 'removed a database login',
  'session.created': 'signed in',
  'session.ended': 'ended a session',
  'session.others_ended': 'ended all other sessions',
  'share.created': 'shared a service',
  'share.updated': 'changed a share',
  'share.rotated': 'made a new link for a share',
  'share.revoked': 'revoked a share',
  'webhook.created': 'made a webhook',
  'webhook.updated': 'changed a webhook',
  'webhook.deleted': 'deleted a webhook',
  'webhook.secret_rotated': 'made a new secret for a webhook',
  'webhook.tested': 'sent a test to a webhook',
  'webhook.redelivered': 'had a webhook sent again',
  'workspace.created': 'made the workspace',
  'workspace.updated': 'changed the workspace’s settings',
}

const actors = {
  user: 'A person',
  api_key: 'An API key',
  agent: 'A machine',
  system: 'The hub',
} as const

/** What somebody did, as a sentence; an action that has no words yet stays as it is. */
export function tellAction(actorKind: keyof typeof actors, action: string): string {
  const did = Object.hasOwn(actions, action) ? actions[action] : undefined
  return `${actors[actorKind]} ${did ?? action}`
}
