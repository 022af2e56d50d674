/** Where and how an agent asks a hub for a tunnel. */
export const tunnelPath = '/v1/tunnel'
export const upgradeProtocol = 'private-connect-tunnel'
/** Versions of the protocol that the agent speaks, and in the answer the one that was chosen. */
export const versionHeader = 'private-connect-tunnel-version'
/** Random, per process: tells an agent that reconnects from a second one with the same token. */
export const instanceHeader = 'private-connect-instance'
