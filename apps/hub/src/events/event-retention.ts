import { deleteOldEvents, deleteOldVisitors, type Db } from '@private-connect/db'
import { startRetention, type Retention, type RetentionOptions } from '../store/retention.ts'

export interface EventRetentionOptions extends Pick<
  RetentionOptions,
  'log' | 'nowMs' | 'firstMs' | 'everyMs'
> {
  readonly db: Db
  /** How long a visitor is known who does not come. */
  readonly visitorDays: number
}

/** SPEC §9: seven days. */
const eventDays = 7

/** Forgets events, and the visitors that they tell of, when they are old. */
export function startEventRetention({ db, visitorDays, ...options }: EventRetentionOptions): Retention {
  const retentions = [
    startRetention({
      ...options,
      what: 'events',
      deleteOld: async (old) => deleteOldEvents(db, old),
      days: eventDays,
    }),
    startRetention({
      ...options,
      what: 'visitors',
      deleteOld: async (old) => deleteOldVisitors(db, old),
      days: visitorDays,
    }),
  ]
  return {
    async stop() {
      for (const retention of retentions) await retention.stop()
    },
  }
}
