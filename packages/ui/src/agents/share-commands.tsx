import { CopyButton } from '../components/copy-button.tsx'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { writeShareCommands } from './write-commands.ts'

/** How a machine without the app shares a port. */
export function ShareCommands() {
  const commands = writeShareCommands(useDesktop()?.state.settings.hubUrl ?? location.origin)
  return (
    <div className="commands">
      <pre>{commands}</pre>
      <CopyButton text={commands} label="Copy" />
    </div>
  )
}
