import type { Connection, Submittable } from 'pg'

export interface ResultField {
  readonly name: string
  /** 0 where the value is no plain column of a relation. */
  readonly tableID: number
  readonly columnID: number
  readonly dataTypeID: number
}

export interface Description {
  readonly fields: readonly ResultField[]
  readonly parameterTypes: readonly number[]
}

export type TextRow = readonly (string | null)[]

export interface Step {
  readonly text: string
  readonly values?: TextRow
  /** Only asks what the statement takes and yields. */
  readonly describeOnly?: boolean
  /** The portal stops there. 0: all rows. */
  readonly rowsMax?: number
}

export interface StepOutcome {
  readonly rows: TextRow[]
  readonly description: Description
  /** `SELECT 3`; null when the portal stopped before its end. */
  readonly tag: string | null
}

interface OpenOutcome {
  readonly rows: TextRow[]
  fields: readonly ResultField[]
  parameterTypes: readonly number[]
  tag: string | null
}

interface ServerMessages {
  on(event: 'parameterDescription', listener: (message: { dataTypeIDs: number[] }) => void): unknown
  on(event: 'noData', listener: () => void): unknown
  removeListener(event: string, listener: (...values: never[]) => void): unknown
}

/**
 * Statements of the extended protocol in one round trip: each is parsed, bound and executed (or only described), one Sync
 * ends them all, and an error in one skips the rest. pg's own query object takes one statement a round trip and keeps all
 * rows; its cursor tells of the columns only after the first rows were executed.
 */
export class Exchange implements Submittable {
  readonly #steps: readonly Step[]
  readonly #onRow: ((row: TextRow) => void) | null
  readonly #done = Promise.withResolvers<StepOutcome[]>()
  readonly #outcomes: OpenOutcome[]
  #current = 0
  #connection: (Connection & ServerMessages) | null = null

  /** With `onRow` the rows go there and are not kept. */
  constructor(steps: readonly Step[], onRow?: (row: TextRow) => void) {
    this.#steps = steps
    this.#onRow = onRow ?? null
    this.#outcomes = steps.map(() => ({ rows: [], fields: [], parameterTypes: [], tag: null }))
    // Whoever gave up waiting does not hear of the end.
    this.#done.promise.catch(() => {})
  }

  get done(): Promise<StepOutcome[]> {
    return this.#done.promise
  }

  submit(connection: Connection): void {
    const open = connection as Connection & ServerMessages
    this.#connection = open
    open.on('parameterDescription', this.#onParameters)
    open.on('noData', this.#onDescribed)
    for (const step of this.#steps) sendStep(connection, step)
    connection.sync()
  }

  readonly #onParameters = ({ dataTypeIDs }: { dataTypeIDs: number[] }): void => {
    this.#open().parameterTypes = dataTypeIDs
  }

  readonly #onDescribed = (): void => {
    if (this.#steps[this.#current]?.describeOnly === true) this.#current += 1
  }

  handleRowDescription({ fields }: { fields: ResultField[] }): void {
    this.#open().fields = fields
    this.#onDescribed()
  }

  handleDataRow({ fields }: { fields: TextRow }): void {
    if (this.#onRow === null) this.#open().rows.push(fields)
    else this.#onRow(fields)
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#open().tag = text
    this.#current += 1
  }

  handlePortalSuspended(): void {
    this.#current += 1
  }

  handleEmptyQuery(): void {
    this.#current += 1
  }

  handleError(error: Error): void {
    this.#end()
    this.#done.reject(error)
  }

  handleReadyForQuery(): void {
    this.#end()
    this.#done.resolve(
      this.#outcomes.map(({ rows, fields, parameterTypes, tag }) => ({
        rows,
        tag,
        description: { fields, parameterTypes },
      })),
    )
  }

  handleCopyInResponse(): void {
    this.#copyIsRefused()
  }

  handleCopyData(): void {
    this.#copyIsRefused()
  }

  /** No statement that passes the rules answers so; a server that does is no PostgreSQL. */
  #copyIsRefused(): void {
    this.#connection?.stream.destroy(new Error('The server answered with COPY'))
  }

  #open(): OpenOutcome {
    const outcome = this.#outcomes[this.#current]
    if (outcome === undefined) throw new Error('The server answered more statements than it was sent')
    return outcome
  }

  #end(): void {
    this.#connection?.removeListener('parameterDescription', this.#onParameters)
    this.#connection?.removeListener('noData', this.#onDescribed)
  }
}

function sendStep(connection: Connection, { text, values = [], describeOnly, rowsMax = 0 }: Step): void {
  connection.parse({ name: '', text, types: [] }, true)
  if (describeOnly === true) {
    connection.describe({ type: 'S', name: '' }, true)
    return
  }
  connection.bind({ portal: '', statement: '', values: [...values] }, true)
  connection.execute({ portal: '', rows: String(rowsMax) }, true)
}
