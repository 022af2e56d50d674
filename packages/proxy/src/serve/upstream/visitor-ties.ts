import type { Duplex } from 'node:stream'

interface Tied {
  /** The visitor's connection is gone. */
  onVisitorClosed(): void
}

const ties = new WeakMap<Duplex, Set<Tied>>()

/** Tells when a visitor's connection closes. One listener for all: a proxy's connection may visit many shares. */
export function tieTo(visitor: Duplex, tied: Tied): void {
  const known = ties.get(visitor)
  if (known !== undefined) return void known.add(tied)
  const fresh = new Set([tied])
  ties.set(visitor, fresh)
  visitor.once('close', () => {
    for (const each of fresh) each.onVisitorClosed()
  })
}

export function untieFrom(visitor: Duplex, tied: Tied): void {
  ties.get(visitor)?.delete(tied)
}
