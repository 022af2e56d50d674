import { findAgentByTokenHash, type AgentRow, type Db } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import { hashToken, isToken } from './tokens.ts'

/** The agent behind a token, for the tunnel's handshake. Throws `auth.invalid`. */
export async function authenticateAgent(db: Db, token: string): Promise<AgentRow> {
  const agent = isToken('agent', token) ? await findAgentByTokenHash(db, hashToken(token)) : null
  if (agent === null) throw new AppError('auth.invalid')
  return agent
}
