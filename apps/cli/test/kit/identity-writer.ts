import { createAgentIdentities, isProcessAlive } from '../../src/identity/agent-identities.ts'

// A process of its own for the test of concurrent writers: takes a free identity or adds one, says which, and stays.
const [, , configDir = '', hub = '', index = ''] = process.argv
const identities = createAgentIdentities({ configDir, pid: process.pid, isProcessAlive })
const claimed = await identities.claim(hub)
const identity = claimed ?? { agentId: `agent_${index}`, token: `agent_tok_${index}` }
if (claimed === null) await identities.add(hub, identity)
process.once('message', () => process.exit(0))
process.send?.(identity.agentId)
