export type { ApiContext, ApiPorts } from './context.ts'
export type { Credential } from './credentials/credential.ts'
export { readQueryInput } from './operations/queries/read-query-input.ts'
export type { CheckedService, LoginFinding, MachinePorts, TargetOfService } from './machine-ports.ts'
export {
  createVault,
  fingerprintSecret,
  type Sealed,
  type Vault,
  type VaultKey,
} from './vault/create-vault.ts'
export { answerBinding } from './idempotency/sealed-answer.ts'
export type { WebhookPorts } from './webhook-ports.ts'
export type { AskAsOwner, OwnerQuestion } from './query-ports.ts'
export { composePayload } from './webhooks/compose-payload.ts'
export { webhookSecretBinding } from './webhooks/webhook-secret.ts'
export { credentialsBinding } from './operations/services/service-credentials.ts'
export type { SignInPorts } from './sign-in-ports.ts'
export type { Admission, LivePorts, Subscriber } from './live-ports.ts'
export type { Mail } from './mails/mail.ts'
export {
  composeAgentBackMail,
  composeAgentOfflineMail,
  composeShareExpiringMail,
  composeWebhookDisabledMail,
  type AlertFacts,
} from './mails/alert-mails.ts'
export { appRouter, type AppRouter } from './routers/app-router.ts'
export { liveRouter } from './routers/events.ts'
export type { LiveReading, LiveStream } from './operations/events/live-stream.ts'
export { restOperations, type RestAnswer, type RestOperation } from './rest/rest-operation.ts'
export type { RestRequest } from './rest/read-input.ts'
export type { Access } from './rest/rest-route.ts'
export { createOpenApiDocument } from './openapi/create-openapi-document.ts'
export { toApiError } from './errors/to-api-error.ts'
export { hashToken, isToken, mintToken, previewShareToken, type TokenKind } from './credentials/tokens.ts'
export { createCredentialCache, type CredentialCache } from './credentials/credential-cache.ts'
export { authenticateAgent } from './credentials/authenticate-agent.ts'
export { createAuthenticator, resolveCredential } from './credentials/resolve-credential.ts'
export { isAddressAllowed } from './credentials/is-address-allowed.ts'
export { keepHostCookies } from './credentials/host-cookie.ts'
export { sessionCookies } from './credentials/session-lifetime.ts'
export { issueApiKey, type NewApiKey } from './operations/api-keys/issue-api-key.ts'
export { issueOwnerSignIn } from './operations/auth/issue-owner-sign-in.ts'
