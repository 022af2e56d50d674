export { normalizeAddress } from './normalize-address.ts'
export { parseNetworkRange, type NetworkRange } from './network-range.ts'
