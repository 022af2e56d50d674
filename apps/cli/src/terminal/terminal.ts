import pc from 'picocolors'
import { createHumanPresenter } from './human-presenter.ts'
import { createJsonPresenter } from './json-presenter.ts'
import type { Presenter, TextOutput } from './presenter.ts'

/** The process's own output streams; the only place that writes to them. */
export const writeRaw = {
  out: (text: string): void => void process.stdout.write(text),
  err: (text: string): void => void process.stderr.write(text),
}

const terminalOutput: TextOutput = {
  out: (line) => writeRaw.out(`${line}\n`),
  err: (line) => writeRaw.err(`${line}\n`),
}

export function createPresenter(options: {
  readonly isJson: boolean
  readonly useColor: boolean
}): Presenter {
  if (options.isJson) return createJsonPresenter(terminalOutput)
  return createHumanPresenter({
    ...terminalOutput,
    colors: pc.createColors(options.useColor),
    nowMs: () => Date.now(),
  })
}

/** A reader that went away (`| head`) ends the program like Ctrl-C does, instead of crashing it. */
export function onOutputClosed(callback: () => void): void {
  process.stdout.on('error', callback)
  process.stderr.on('error', callback)
}
