import type { Mail } from './mail.ts'
import { renderHtml, renderText, type Letter } from './render-letter.ts'

/** It has no link that ends: a mail server may be away for some hours. */
const lifetimeMs = 24 * 3_600_000

/** What a mail about one agent or share says. Names are its workspace's own words; the rendering escapes them. */
export interface AlertFacts {
  readonly email: string
  /** The hub's own origin. */
  readonly hubUrl: string
  readonly workspaceName: string
  /** The agent's or the share's. */
  readonly name: string
  /** Since when it is offline or back, or when it ends. */
  readonly at: Date
}

export function composeAgentOfflineMail(facts: AlertFacts): Mail {
  const { name, at, workspaceName } = facts
  return compose(facts, {
    subject: `Agent offline: ${name}`,
    title: `${name} is offline`,
    preview: `Shares of its services answer as offline since ${time(at)}.`,
    paragraphs: [
      `The agent ${name} of ${workspaceName} has been offline since ${time(at)}. Visitors of its shares see a page that says so.`,
      'Links stay the same: they work again as soon as the agent is back. You will get a mail then.',
    ],
  })
}

export function composeAgentBackMail(facts: AlertFacts): Mail {
  const { name, at, workspaceName } = facts
  return compose(facts, {
    subject: `Agent back online: ${name}`,
    title: `${name} is back online`,
    preview: `Its shares work again since ${time(at)}.`,
    paragraphs: [
      `The agent ${name} of ${workspaceName} has been back since ${time(at)}. All of its shares work again.`,
    ],
  })
}

export function composeShareExpiringMail(facts: AlertFacts): Mail {
  const { name, at, workspaceName } = facts
  return compose(facts, {
    subject: `Share ends soon: ${name}`,
    title: `${name} ends soon`,
    preview: `Its link stops working at ${time(at)}.`,
    paragraphs: [
      `The share ${name} of ${workspaceName} ends at ${time(at)}. Its link stops working then, and whoever uses it is cut off.`,
      'Does somebody still need it? Then give it a later end. Otherwise there is nothing to do.',
    ],
  })
}

export interface DisabledWebhookFacts {
  readonly email: string
  readonly hubUrl: string
  /** Of the endpoint; its path may hold a secret. */
  readonly host: string
  readonly reason: 'gone' | 'failing'
}

export function composeWebhookDisabledMail({ email, hubUrl, host, reason }: DisabledWebhookFacts): Mail {
  const why =
    reason === 'gone'
      ? `The endpoint at ${host} answered 410 Gone, which asks senders to stop.`
      : `The endpoint at ${host} has taken nothing for five days.`
  return compose(
    { email, hubUrl },
    {
      subject: `Webhook disabled: ${host}`,
      title: 'A webhook was disabled',
      preview: why,
      paragraphs: [
        why,
        'No more events are sent to it. Once it works again, enable the webhook: what still waits is sent then, and what was given up can be sent again.',
      ],
      note: 'The owners of a workspace get this mail whenever the hub disables one of its webhooks.',
    },
  )
}

interface Words extends Pick<Letter, 'title' | 'preview' | 'paragraphs'> {
  readonly subject: string
  readonly note?: string
}

function compose(
  { email, hubUrl }: Pick<AlertFacts, 'email' | 'hubUrl'>,
  { subject, note, ...words }: Words,
): Mail {
  const letter: Letter = {
    ...words,
    button: { label: 'Open Private Connect', url: `${hubUrl}/` },
    notes: [
      note ?? 'You get this mail because mail alerts are on for this workspace; its settings turn them off.',
    ],
    hub: new URL(hubUrl).host,
  }
  return { to: email, subject, text: renderText(letter), html: renderHtml(letter), lifetimeMs }
}

function time(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
