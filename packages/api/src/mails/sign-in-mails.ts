import type { Mail } from './mail.ts'
import { renderHtml, renderText, type Letter } from './render-letter.ts'

/** What a mail with a sign-in link says. Of what the asker typed it has the address alone: the rest could be spam. */
export interface SignInFacts {
  readonly email: string
  /** The hub page with the link's token in its fragment. */
  readonly link: string
  /** The hub's host. */
  readonly hub: string
  readonly lifetimeMinutes: number
  /** Address of who asked. */
  readonly ipAddress: string
  readonly askedAt: Date
}

/** For an account that exists, when a link was asked for. */
export function composeLoginMail(facts: SignInFacts): Mail {
  return compose(facts, {
    subject: 'Your sign-in link for Private Connect',
    title: 'Sign in to Private Connect',
    preview: `This link signs you in as ${facts.email}.`,
    paragraphs: [`Use this link to sign in as ${facts.email} at ${facts.hub}.`],
    label: 'Sign in',
    otherwise: 'You did not ask for it? Then leave this mail alone: without the link nobody gets in.',
  })
}

/** For an address without an account, when one was asked for. */
export function composeRegisterMail(facts: SignInFacts): Mail {
  return compose(facts, {
    subject: 'Confirm your e-mail address for Private Connect',
    title: 'Confirm your e-mail address',
    preview: 'One click, and your account is ready.',
    paragraphs: [`One click creates your account for ${facts.email} at ${facts.hub} and signs you in.`],
    label: 'Create my account',
    otherwise: 'You did not ask for it? Then leave this mail alone: no account comes to be without the link.',
  })
}

/** For an account that exists, when somebody tried to create it again. */
export function composeAccountExistsMail(facts: SignInFacts): Mail {
  return compose(facts, {
    subject: 'You already have an account on Private Connect',
    title: 'You already have an account',
    preview: `There is an account for ${facts.email} already. This link signs you in.`,
    paragraphs: [
      `Somebody asked for a new account for ${facts.email} at ${facts.hub}. There is one already, and nothing about it has changed.`,
      'Was it you? Then this link signs you in.',
    ],
    label: 'Sign in',
    otherwise: 'Was it somebody else? Then leave this mail alone: without the link nobody gets in.',
  })
}

interface Words extends Pick<Letter, 'title' | 'preview' | 'paragraphs'> {
  readonly subject: string
  readonly label: string
  readonly otherwise: string
}

function compose(facts: SignInFacts, { subject, label, otherwise, ...words }: Words): Mail {
  const askedAt = `${facts.askedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const letter: Letter = {
    ...words,
    button: { label, url: facts.link },
    notes: [
      `The link works once and for ${facts.lifetimeMinutes} minutes; a newer link ends it. It was asked for from ${facts.ipAddress} at ${askedAt}.`,
      otherwise,
    ],
    hub: facts.hub,
  }
  return { to: facts.email, subject, text: renderText(letter), html: renderHtml(letter) }
}
