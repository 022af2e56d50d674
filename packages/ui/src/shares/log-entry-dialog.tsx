import type { AccessLogEntry } from '@private-connect/api/contracts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { writeTime } from '../components/time.ts'
import { tellBytes } from './tell-bytes.ts'
import { tellDenial } from './tell-denial.ts'

interface LogEntryDialogProps {
  readonly entry: AccessLogEntry | null
  readonly onClose: () => void
  /** Shows only what has this word. */
  readonly onFilter: (word: string) => void
}

/** All that is kept of one request. */
export function LogEntryDialog({ entry, onClose, onFilter }: LogEntryDialogProps) {
  if (entry === null) return null
  const { method, path, statusCode, latencyMs, ipAddress, timestamp, denied, visitorId } = entry
  const facts: ReadonlyArray<readonly [term: string, value: string, look?: 'fact-long']> = [
    ['When', writeTime(timestamp)],
    ['Answer', denied === null ? `${statusCode} in ${latencyMs} ms` : `${statusCode}: ${tellDenial(denied)}`],
    ['Sent to the visitor', tellBytes(entry.bytesOut)],
    ['Sent by the visitor', tellBytes(entry.bytesIn)],
    ['Address', ipAddress],
    ['Visitor', visitorId ?? 'not known', 'fact-long'],
    ['Browser or program', entry.userAgent ?? 'does not say', 'fact-long'],
  ]
  return (
    <Dialog title={`${method} ${path}`} isOpen onClose={onClose}>
      <dl className="facts">
        {facts.map(([term, value, look]) => (
          <div key={term} className={look}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="row row-end">
        <Button onPress={() => onFilter(`ip:${ipAddress}`)}>Only this address</Button>
        {visitorId === null ? null : (
          <Button onPress={() => onFilter(`visitor:${visitorId}`)}>Only this visitor</Button>
        )}
        <Button look="main" onPress={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}
