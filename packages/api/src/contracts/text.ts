import { z } from 'zod'

/** What PostgreSQL cannot store as text (NUL, lone surrogates) or a terminal would act on (other controls). */
const controlCharacter = /\p{Cc}/u
const controlExceptLines = /[^\P{Cc}\n\r\t]/u

/** One line of human text, trimmed; `lengthMax` counts UTF-16 units as the documentation's limits do. */
export function lineOfText(lengthMax: number, lengthMin = 1) {
  return z
    .string()
    .trim()
    .min(lengthMin, lengthMin === 1 ? 'Must not be empty' : `Must have at least ${lengthMin} characters`)
    .max(lengthMax, `Must have at most ${lengthMax} characters`)
    .refine((text) => text.isWellFormed() && !controlCharacter.test(text), {
      error: 'Must be one line of text without control characters',
    })
}

/** Human text that may have several lines. */
export function linesOfText(lengthMax: number) {
  return z
    .string()
    .max(lengthMax, `Must have at most ${lengthMax} characters`)
    .refine((text) => text.isWellFormed() && !controlExceptLines.test(text), {
      error: 'Must be text without control characters',
    })
}
