import type { ExecuteOptions, QueryResult } from '../query-engine.ts'
import { refuseQuery } from '../query-errors.ts'
import { createResultCollector, type ResultCollector } from '../result-collector.ts'
import type { Description, StepOutcome, TextRow } from './exchange.ts'
import type { MaskCatalog } from './masking/mask-catalog.ts'
import { maskOf } from './masking/mask-values.ts'
import type { Session } from './session.ts'
import type { CheckedStatement } from './statement/check-statement.ts'
import { bindParams } from './values/bind-params.ts'
import { decoderOf, type Decode } from './values/decode-value.ts'
import { loadTypes } from './values/load-types.ts'

/** Runs a checked statement in the open transaction. A write is committed, a read ends with its connection. */
export async function runStatement(
  session: Session,
  { checked, masks }: { readonly checked: CheckedStatement; readonly masks: MaskCatalog },
  options: ExecuteOptions,
): Promise<QueryResult> {
  const { request, caps } = options
  const { text } = checked
  const [described] = await session.run([{ text, describeOnly: true }])
  const description = described?.description ?? { fields: [], parameterTypes: [] }
  const values = bindParams(request.params, description.parameterTypes)
  const collector = createResultCollector(caps)
  collector.setColumns(description.fields.map(({ name }) => name))
  const decoders = await columnDecoders(session, description, masks)
  const outcome = await streamRows(session, { text, values, decoders, collector, rowsMax: caps.rowsMax })
  if (checked.kind === 'read') return collector.finish()
  if (outcome === null)
    throw refuseQuery('Nothing was written: what RETURNING asks for is larger than a result may be.')
  await session.run([{ text: 'COMMIT' }])
  return { ...collector.finish(), rowCount: changedRows(outcome.tag, collector) }
}

async function columnDecoders(
  session: Session,
  { fields }: Description,
  masks: MaskCatalog,
): Promise<Decode[]> {
  const catalog = await loadTypes(
    session,
    fields.map(({ dataTypeID }) => dataTypeID),
  )
  return fields.map((field) => maskOf(field, masks) ?? decoderOf(field.dataTypeID, catalog))
}

interface StreamOptions {
  readonly text: string
  readonly values: TextRow
  readonly decoders: readonly Decode[]
  readonly collector: ResultCollector
  readonly rowsMax: number
}

/**
 * Fetches one row more than a result may have, to know that there was one. Null: the rows were larger than a result may
 * be, and the statement was cancelled in the middle.
 */
async function streamRows(session: Session, options: StreamOptions): Promise<StepOutcome | null> {
  const { text, values, decoders, collector, rowsMax } = options
  const full = Promise.withResolvers<null>()
  let rows = 0
  const step = { text, values, rowsMax: rowsMax + 1 }
  const running = session.run([step], (row) => {
    rows += 1
    if (collector.isFull) return
    const decoded = row.map((value, at) => (value === null ? null : decodeSafely(value, decoders[at])))
    if (collector.add(decoded) === 'full' && rows <= rowsMax) full.resolve(null)
  })
  try {
    const outcome = await Promise.race([running, full.promise])
    if (outcome !== null) return outcome[0] ?? null
    await session.cancel()
    return null
  } catch (error) {
    // One row was larger than everything that a result may have.
    if (!session.isOver) throw error
    if (rows === 0) throw tooLarge()
    collector.markTruncated()
    return null
  }
}

/** A text that is not as its type's texts are, from a server that is not PostgreSQL's own, stays what it is. */
function decodeSafely(text: string, decode: Decode | undefined): unknown {
  try {
    return decode === undefined ? text : decode(text)
  } catch {
    return text
  }
}

function tooLarge(): Error {
  return refuseQuery('The first row alone is larger than a result may be.', {
    hint: 'Select fewer columns, or a part of a long value: left(column, 1000).',
  })
}

/** `INSERT 0 3`, `UPDATE 3`; without a tag more rows came back than are kept. */
function changedRows(tag: string | null, collector: ResultCollector): number {
  const count = Number(tag?.split(' ').at(-1) ?? Number.NaN)
  return Number.isSafeInteger(count) ? count : collector.finish().rowCount
}
