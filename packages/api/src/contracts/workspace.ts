import { z } from 'zod'
import { idOf, isoTime } from './id.ts'

export const workspace = z
  .object({ id: idOf('ws'), name: z.string(), createdAt: isoTime })
  .meta({ id: 'Workspace', description: 'Owner of agents, services, shares and keys.' })
