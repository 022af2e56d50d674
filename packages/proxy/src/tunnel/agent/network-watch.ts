import { networkInterfaces } from 'node:os'

export interface NetworkWatch {
  close(): void
}

const checkEveryMs = 2000
/** A check that comes this late means that the machine slept. */
const sleptMs = 10_000

/** Calls back when the machine's addresses changed, or when it woke from sleep. */
export function watchNetwork(onChange: () => void): NetworkWatch {
  let addresses = readAddresses()
  let checkedAtMs = Date.now()
  const timer = setInterval(() => {
    const seen = readAddresses()
    const hasSlept = Date.now() - checkedAtMs > checkEveryMs + sleptMs
    const isChanged = seen !== addresses || hasSlept
    addresses = seen
    checkedAtMs = Date.now()
    if (isChanged) onChange()
  }, checkEveryMs)
  return { close: () => clearInterval(timer) }
}

function readAddresses(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return all.map(({ address, netmask }) => `${address}/${netmask}`).join(' ')
}
