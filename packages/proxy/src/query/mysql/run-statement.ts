import { AppError } from '@private-connect/errors'
import type { PrepareStatementInfo } from 'mysql2'
import { setImmediate as turn } from 'node:timers/promises'
import type { ExecuteOptions, QueryResult } from '../query-engine.ts'
import { refuseQuery } from '../query-errors.ts'
import { createResultCollector, type ResultCollector } from '../result-collector.ts'
import { maskedValue } from '../masked-value.ts'
import { isMaskedOrigin } from './masking/masked-names.ts'
import { isServerError } from './mysql-errors.ts'
import type { MysqlSession } from './session/open-session.ts'
import type { CheckedStatement } from './statement/check-statement.ts'
import type { ColumnDefinition } from './values/column-type.ts'

/** The command of the driver whose rows are read. */
interface RowSource {
  on(event: 'fields', listener: (columns?: ColumnDefinition[]) => void): RowSource
  on(event: 'result', listener: (row: unknown) => void): RowSource
  on(event: 'error', listener: (error: unknown) => void): RowSource
  on(event: 'end', listener: () => void): RowSource
}

export interface StatementOutcome {
  readonly result: QueryResult
  /** The server has more to send: it must be told to stop. */
  readonly isUnfinished: boolean
}

/** The server's number for a statement that it cannot prepare. */
const notPreparable = 1295

/**
 * Runs a checked statement: prepared, so that the server itself takes one statement only and says before it runs
 * whether it yields columns. What has none is no read, whatever its text said to us.
 */
export async function runStatement(
  session: MysqlSession,
  checked: CheckedStatement,
  caps: ExecuteOptions['caps'],
): Promise<StatementOutcome> {
  const prepared = await prepare(session, checked)
  if (
    prepared !== null &&
    checked.kind === 'read' &&
    checked.form !== 'show' &&
    prepared.columns.length === 0
  ) {
    throw refuseQuery(
      'The database says that this statement returns no rows. Only queries that read are allowed.',
    )
  }
  const run = prepared === null ? runText(session, checked) : runPrepared(prepared, checked)
  const reading = createReading(session, {
    checked,
    collector: createResultCollector(caps),
    prepared,
  })
  await reading.follow(run)
  return reading.outcome()
}

type Prepared = PrepareStatementInfo & { readonly columns: readonly ColumnDefinition[] }

/** Null: a SHOW or EXPLAIN that this server does not prepare. */
function prepare({ driver }: MysqlSession, checked: CheckedStatement): Promise<Prepared | null> {
  return new Promise((resolve, reject) => {
    driver.prepare(checked.sql, (error, statement) => {
      const isText = checked.form === 'show' || checked.form === 'explain'
      if (error === null) resolve(statement as Prepared)
      else if (isText && isServerError(error) && error.errno === notPreparable) resolve(null)
      else reject(error)
    })
  })
}

function runPrepared(statement: Prepared, checked: CheckedStatement): RowSource {
  return statement.execute([...checked.params])
}

function runText({ driver }: MysqlSession, checked: CheckedStatement): RowSource {
  return driver.query(checked.sql)
}

interface ReadingNeeds {
  readonly checked: CheckedStatement
  readonly collector: ResultCollector
  /** Null: it runs as text. */
  readonly prepared: Prepared | null
}

function createReading(session: MysqlSession, { checked, collector, prepared }: ReadingNeeds) {
  let masks: readonly boolean[] = []
  let changedRows: number | null = null
  let hasEnded = false

  function takeRow(row: unknown): void {
    if (!Array.isArray(row)) changedRows = changedRowsOf(row)
    else collector.add(masks.includes(true) ? row.map((value, at) => mask(value, masks[at] === true)) : row)
  }

  return {
    /** Resolves when all rows are read, or no more of them fit. A write is read to its end. */
    async follow(source: RowSource): Promise<void> {
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => (collector.isFull && checked.kind === 'read' ? resolve() : undefined)
        const fail = (error: unknown): void => {
          // One row alone was more than all of them may be.
          if (!session.socket.isOver || checked.kind === 'write') return reject(error)
          collector.markTruncated()
          resolve()
        }
        session.broken.catch(fail)
        source
          .on('fields', (columns = []) => {
            masks = masksOf(checked, columns, prepared?.columns)
            session.reader.expect(columns, prepared === null ? 'text' : 'binary')
            collector.setColumns(columns.map(({ name }) => name))
          })
          .on('result', (row) => {
            takeRow(row)
            stop()
          })
          .on('error', fail)
          .on('end', () => {
            hasEnded = true
            resolve()
          })
      })
      // The end of a result that the server cut by itself stands right behind its last row.
      if (collector.isFull && !hasEnded) await turn()
    },
    outcome(): StatementOutcome {
      const result = collector.finish()
      const rowCount = changedRows ?? result.rowCount
      return { result: { ...result, rowCount }, isUnfinished: !hasEnded }
    },
  }
}

/** A column is masked when the server names a masked origin for it, be it before the statement ran or with its rows. */
function masksOf(
  { maskedColumns }: CheckedStatement,
  columns: readonly ColumnDefinition[],
  before: readonly ColumnDefinition[] = [],
): boolean[] {
  if (maskedColumns.length === 0) return []
  return columns.map((column, at) => {
    const earlier = before[at]
    return (
      isMaskedOrigin(column, maskedColumns) ||
      (earlier !== undefined && isMaskedOrigin(earlier, maskedColumns))
    )
  })
}

function mask(value: unknown, isMaskedColumn: boolean): unknown {
  return isMaskedColumn && value !== null ? maskedValue : value
}

function changedRowsOf(header: unknown): number {
  if (typeof header !== 'object' || header === null || !('affectedRows' in header)) {
    throw new AppError('query.failed', 'The database answered with something that is no result.')
  }
  return Number(header.affectedRows)
}
