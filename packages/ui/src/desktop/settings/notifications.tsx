import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Button } from '../../components/button.tsx'
import { writeTime } from '../../components/time.ts'
import { Toggle } from '../../components/toggle.tsx'
import { useNow } from '../../components/use-now.ts'
import { useOwnDesktop } from '../desktop-context.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'

const snoozes = [
  [30, 'For 30 minutes'],
  [60, 'For an hour'],
  [240, 'For 4 hours'],
  [1440, 'For a day'],
] as const

export function Notifications() {
  const { notifies, snoozedUntilMs } = useOwnDesktop().state.settings
  const nowMs = useNow()
  const change = useDesktopAction('settings:change')
  return (
    <div className="row">
      <Toggle
        text="Tell me of new visitors by a notification"
        isOn={notifies}
        onChange={(isOn) => change.mutate({ notifies: isOn })}
      />
      {notifies ? (
        <Snooze untilMs={snoozedUntilMs !== null && snoozedUntilMs > nowMs ? snoozedUntilMs : null} />
      ) : null}
    </div>
  )
}

/** `untilMs` is null where nothing is snoozed. */
function Snooze({ untilMs }: { readonly untilMs: number | null }) {
  const snooze = useDesktopAction('notifications:snooze')
  if (untilMs !== null) {
    return (
      <>
        <output className="soft">Quiet until {writeTime(new Date(untilMs).toISOString())}</output>
        <Button look="quiet" onPress={() => snooze.mutate({ minutes: null })}>
          End the snooze
        </Button>
      </>
    )
  }
  return (
    <MenuTrigger>
      <Button look="quiet">Snooze …</Button>
      <Popover className="popover">
        <Menu className="list-box" onAction={(key) => snooze.mutate({ minutes: Number(key) })}>
          {snoozes.map(([minutes, text]) => (
            <MenuItem key={minutes} id={String(minutes)} className="list-box-item">
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
