export { normalizeAddress } from './normalize-address.ts'
export { networkOf } from './network-of.ts'
export { parseNetworkRange, type NetworkRange } from './network-range.ts'
