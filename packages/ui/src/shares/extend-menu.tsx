import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Button } from '../components/button.tsx'

interface ExtendMenuProps<By extends string> {
  /** How long, and how that is called. */
  readonly choices: ReadonlyArray<readonly [By, string]>
  readonly onExtend: (by: By) => void
}

export const extendedNotice = 'The share has a new end.'

/** A button that asks for a share's new end. */
export function ExtendMenu<By extends string>({ choices, onExtend }: ExtendMenuProps<By>) {
  return (
    <MenuTrigger>
      <Button>Extend</Button>
      <Popover className="popover">
        <Menu className="list-box" onAction={(key) => onExtend(key as By)}>
          {choices.map(([by, text]) => (
            <MenuItem key={by} id={by} className="list-box-item">
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
