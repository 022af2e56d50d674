import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Collects once what starting has left. V8 waits for its first full collection until the heap is much larger than what is
 * alive in it, and grows it from there: 10,000 idle streams took 418 MiB without this and 305 MiB with it. Takes some
 * 50 ms.
 */
export function collectGarbage(): void {
  // Node has no other way to ask for it at run time; the flag only makes the function exist.
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}
