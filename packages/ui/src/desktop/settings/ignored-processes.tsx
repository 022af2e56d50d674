import { X } from 'lucide-react'
import { Button, Label, Tag, TagGroup, TagList } from 'react-aria-components'
import { useOwnDesktop } from '../desktop-context.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'

/** Processes whose ports neither menu nor window list, each with a way back. */
export function IgnoredProcesses() {
  const { ignoredProcesses } = useOwnDesktop().state.settings
  const change = useDesktopAction('settings:change', { changes: ['ports'] })
  return (
    <TagGroup
      className="field"
      onRemove={(keys) =>
        change.mutate({ ignoredProcesses: ignoredProcesses.filter((name) => !keys.has(name)) })
      }
    >
      <Label>Processes that “Share a port” does not list</Label>
      <TagList className="row" renderEmptyState={() => <span className="hint">None: all are listed.</span>}>
        {ignoredProcesses.map((name) => (
          <Tag key={name} id={name} textValue={name} className="tag">
            {name}
            <Button slot="remove" className="tag-remove">
              <X aria-hidden size={14} />
            </Button>
          </Tag>
        ))}
      </TagList>
    </TagGroup>
  )
}
