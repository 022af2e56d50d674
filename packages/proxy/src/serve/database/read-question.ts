import { AppError } from '@private-connect/errors'
import type { Visit } from '../visit.ts'

/** A query of 10,000 characters, each escaped, and its parameters. */
const bytesMax = 256 * 1_024
const timeoutMs = 10_000

/** The body of a query as parsed JSON. Only as plain JSON: what a form of another site can send is not it. */
export async function readQuestion(visit: Visit): Promise<unknown> {
  const { headers } = visit.request
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json' || headers['content-encoding'] !== undefined) {
    throw new AppError('request.media_type')
  }
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw new AppError('request.too_large')
  if (headers.expect !== undefined) visit.response.writeContinue()
  const bytes = await readBody(visit)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
  } catch (cause) {
    throw new AppError('request.malformed_json', undefined, { cause })
  }
}

function readBody(visit: Visit): Promise<Buffer> {
  const { request } = visit
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new AppError('request.timeout')), timeoutMs)
    request.on('data', (chunk: Buffer) => {
      visit.bytesIn += chunk.length
      if (visit.bytesIn > bytesMax) reject(new AppError('request.too_large'))
      else chunks.push(chunk)
    })
    request.once('end', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks))
    })
    request.once('close', () => {
      clearTimeout(timer)
      reject(new AppError('request.malformed'))
    })
  })
}
