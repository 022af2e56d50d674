// For `node --import`: names of tests lead to this machine, as a name server would have it.
import dns from 'node:dns'

const { lookup } = dns
dns.lookup = (hostname, ...rest) =>
  lookup.call(dns, hostname.endsWith('.example.com') ? '127.0.0.1' : hostname, ...rest)
