import type { Guess } from './guess.ts'
import type { Listener } from './listener.ts'

/** Programs by their name. */
const databases: readonly (readonly [RegExp, string])[] = [
  [/^(postgres|postmaster|pg_ctl)$/, 'PostgreSQL'],
  [/^mariadbd?$/, 'MariaDB'],
  [/^mysqld?(-nt)?$/, 'MySQL'],
  [/^(pgbouncer|pgcat|odyssey|pgpool)$/, 'PostgreSQL pool'],
  [/^(redis-server|redis|keydb-server|dragonfly)$/, 'Redis'],
  [/^redis-sentinel$/, 'Redis Sentinel'],
  [/^(valkey-server|valkey)$/, 'Valkey'],
  [/^mongo[ds]$/, 'MongoDB'],
  [/^ferretdb$/, 'FerretDB'],
  [/^memcached$/, 'Memcached'],
  [/^sqlservr$/, 'SQL Server'],
  [/^clickhouse(-server)?$/, 'ClickHouse'],
  [/^cockroach$/, 'CockroachDB'],
  [/^etcd$/, 'etcd'],
]

const others: readonly (readonly [RegExp, string])[] = [
  [/^(sshd|sshd-session|dropbear)$/, 'SSH'],
  [/^(mosquitto)$/, 'MQTT'],
  [/^(nats-server)$/, 'NATS'],
  [/^(epmd)$/, 'Erlang'],
  [/^(clamd)$/, 'ClamAV'],
  [/^(p910nd|jetdirect)$/, 'Printer'],
  [/^(smbd)$/, 'File sharing'],
  [/^(vncserver|x0vncserver|vino-server|xvnc|xtigervnc|screensharingd)$/, 'Screen sharing'],
]

/** Web servers and frameworks by their command line, the particular before the general: Astro runs Vite. */
const commands: readonly (readonly [RegExp, string])[] = [
  [/\bstorybook\b/, 'Storybook'],
  [/\bnext-server\b|\bnext (dev|start)\b|[/\\]next[/\\]dist[/\\]/, 'Next.js'],
  [/[/\\]nuxi?\b|\bnuxi? (dev|preview)\b/, 'Nuxt'],
  [/[/\\]astro\b|\bastro (dev|preview)\b/, 'Astro'],
  [/[/\\](remix|react-router) |[/\\]@(remix-run|react-router)[/\\]dev\b/, 'React Router'],
  [/[/\\]docusaurus\b/, 'Docusaurus'],
  [/[/\\]gatsby\b|\bgatsby develop\b/, 'Gatsby'],
  [/[/\\](expo|metro)\b|\bexpo start\b/, 'Expo'],
  [/[/\\]vite(\.js)?\b|\bvite (dev|preview|serve)\b/, 'Vite'],
  [/[/\\]ng(\.js)? serve\b|\bng serve\b/, 'Angular'],
  [/[/\\]react-scripts\b/, 'Create React App'],
  [/[/\\]vue-cli-service\b/, 'Vue'],
  [/\bwebpack(-dev-server|\.js| serve)/, 'webpack'],
  [/[/\\]parcel\b/, 'Parcel'],
  [/[/\\]eleventy\b/, 'Eleventy'],
  [/[/\\](wrangler|workerd)\b|^workerd\b/, 'Cloudflare Workers'],
  [/[/\\]nest(\.js)? start\b/, 'NestJS'],
  [/\bmanage\.py runserver\b|\bdaphne\b/, 'Django'],
  [/\bflask\b.* run\b/, 'Flask'],
  [/\bfastapi (dev|run)\b/, 'FastAPI'],
  [/\bstreamlit\b/, 'Streamlit'],
  [/\bjupyter\b|\bjupyter-(lab|notebook)\b|\bipykernel/, 'Jupyter'],
  [/\bgradio\b/, 'Gradio'],
  [/\buvicorn\b/, 'Uvicorn'],
  [/\bgunicorn\b/, 'Gunicorn'],
  [/\b(http\.server|SimpleHTTPServer)\b/, 'Python web server'],
  [/\bmkdocs\b/, 'MkDocs'],
  [/\bjekyll\b/, 'Jekyll'],
  [/\b(bin[/\\]rails|rails) (s|server)\b/, 'Rails'],
  [/\bpuma\b/, 'Puma'],
  [/\bhugo\b.*\bserver?\b/, 'Hugo'],
  [/\bartisan serve\b/, 'Laravel'],
  [/\bsymfony\b.*\bserve/, 'Symfony'],
  [/\bphp[\d.]*(\.exe)? .*-S\b/, 'PHP'],
  [/spring-boot|org\.springframework\.boot/, 'Spring Boot'],
  [/\bquarkus\b/, 'Quarkus'],
  [/\b(mix|iex)\b.*\bphx\.server\b/, 'Phoenix'],
  [/\bdotnet(\.exe)? (watch|run)\b/, 'ASP.NET Core'],
  [/[/\\](http-server|serve|live-server)( |$)/, 'Static files'],
  [/^(\S*[/\\])?nginx\b|^nginx:/, 'nginx'],
  [/^(\S*[/\\])?(apache2|httpd)\b/, 'Apache'],
  [/^(\S*[/\\])?caddy\b/, 'Caddy'],
  [/^(\S*[/\\])?traefik\b/, 'Traefik'],
  [/^(\S*[/\\])?ollama\b/, 'Ollama'],
  [/^(\S*[/\\])?minio\b/, 'MinIO'],
  [/^(\S*[/\\])?grafana\b/, 'Grafana'],
  [/^(\S*[/\\])?prometheus\b/, 'Prometheus'],
  [/org\.elasticsearch\b/, 'Elasticsearch'],
]

/** Where the system names no owner, or a nameless one such as a container's forwarder: what usually listens at that port. */
const portGuesses: Readonly<Record<number, Guess>> = {
  22: { framework: 'SSH', kind: 'other' },
  1433: { framework: 'SQL Server', kind: 'database' },
  1883: { framework: 'MQTT', kind: 'other' },
  3306: { framework: 'MySQL', kind: 'database' },
  3307: { framework: 'MySQL', kind: 'database' },
  5432: { framework: 'PostgreSQL', kind: 'database' },
  5433: { framework: 'PostgreSQL', kind: 'database' },
  5434: { framework: 'PostgreSQL', kind: 'database' },
  5672: { framework: 'RabbitMQ', kind: 'other' },
  5900: { framework: 'Screen sharing', kind: 'other' },
  6379: { framework: 'Redis', kind: 'database' },
  6380: { framework: 'Redis', kind: 'database' },
  9042: { framework: 'Cassandra', kind: 'database' },
  9092: { framework: 'Kafka', kind: 'other' },
  11211: { framework: 'Memcached', kind: 'database' },
  27017: { framework: 'MongoDB', kind: 'database' },
  27018: { framework: 'MongoDB', kind: 'database' },
}

/** By name and arguments of the process; null where they tell nothing, and the port may be asked. */
export function guessByProcess({ processName, commandLine, port }: Listener): Guess | null {
  const name = (processName ?? '').toLowerCase()
  const database = databases.find(([pattern]) => pattern.test(name))
  if (database !== undefined) return { framework: database[1], kind: 'database' }
  const other = others.find(([pattern]) => pattern.test(name))
  if (other !== undefined) return { framework: other[1], kind: 'other' }
  const command = commands.find(([pattern]) => pattern.test(commandLine))
  if (command !== undefined) return { framework: command[1], kind: 'web' }
  return portGuesses[port] ?? null
}
