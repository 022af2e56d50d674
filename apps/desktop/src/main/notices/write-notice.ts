import type { DesktopShare } from '@private-connect/ui/desktop'
import { writeName, writeTimeLeft } from '../tray/label.ts'
import type { Notice } from './decide-notices.ts'

export interface NoticeText {
  readonly title: string
  readonly body: string
}

/** One visitor, or several since the last notice. */
export function writeVisits({ shareName, count, isMore, ipAddress }: Notice): NoticeText {
  const name = writeName(shareName)
  if (count === 1)
    return { title: `${isMore ? 'Another visitor' : 'Somebody'} opened ${name}`, body: whereFrom(ipAddress) }
  return { title: `${count} ${isMore ? 'more ' : ''}visitors opened ${name}`, body: 'Click to see who.' }
}

/** After a share was made. The link itself stays out: notifications are kept in a history that others may see. */
export function writeShared({ name, targetPort, expiresAtMs }: DesktopShare, nowMs: number): NoticeText {
  const end = expiresAtMs === null ? 'It works until you revoke it.' : `${writeTimeLeft(expiresAtMs, nowMs)}.`
  return {
    title: `${writeName(name)} is shared`,
    body: `The link to port ${targetPort} is on your clipboard. ${end}`,
  }
}

function whereFrom(ipAddress: string | null): string {
  if (ipAddress === null) return 'Click to see the activity.'
  const isHere = ipAddress === '::1' || ipAddress.startsWith('127.')
  return isHere
    ? 'From this computer. Click to see the activity.'
    : `From ${writeName(ipAddress)}. Click to see the activity.`
}
