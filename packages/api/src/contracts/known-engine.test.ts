import { expect, it } from 'vitest'
import { knownEngine, type DatabaseTarget } from './known-engine.ts'

// Which database a service is: what its owner said, before what its port makes likely. A web app on a database's port is
// still a web app: it gets no console, and its visitors' requests are forwarded.
const cases: [DatabaseTarget, ReturnType<typeof knownEngine>][] = [
  [{ engine: null, protocol: 'tcp', targetPort: 5432 }, 'postgresql'],
  [{ engine: null, protocol: 'auto', targetPort: 3306 }, 'mysql'],
  [{ engine: null, protocol: 'tcp', targetPort: 27_017 }, 'mongodb'],
  [{ engine: null, protocol: 'auto', targetPort: 6379 }, 'redis'],
  [{ engine: null, protocol: 'http', targetPort: 5432 }, null],
  [{ engine: null, protocol: 'https', targetPort: 6379 }, null],
  [{ engine: null, protocol: 'tcp', targetPort: 5433 }, null],
  [{ engine: 'mysql', protocol: 'tcp', targetPort: 5432 }, 'mysql'],
  [{ engine: 'redis', protocol: 'http', targetPort: 80 }, 'redis'],
]
it.each(cases)('%o is %s', (target, engine) => {
  expect(knownEngine(target)).toBe(engine)
})
