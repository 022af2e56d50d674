import { CommanderError } from 'commander'
import { readEnv } from './env.ts'
import { exitCodes } from './exit-codes.ts'
import { createProgram } from './program.ts'
import { createRunCommand } from './run-command.ts'
import { writeRaw } from './terminal/terminal.ts'

const program = createProgram(createRunCommand(readEnv()), writeRaw)
try {
  await program.parseAsync()
} catch (cause) {
  // Help and version end this way too, with 0; a mistake on the command line has been explained already.
  if (!(cause instanceof CommanderError)) throw cause
  process.exitCode = cause.exitCode === 0 ? 0 : exitCodes.usage
}
