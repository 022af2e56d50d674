import { describe, expect, it } from 'vitest'
import { guessByProcess } from './guess-by-process.ts'

const listener = (processName: string | null, commandLine: string, port = 4321) =>
  ({ port, hosts: ['127.0.0.1'], pid: 7, processName, commandLine }) as const

describe('guessByProcess', () => {
  it.each([
    ['node', 'node /app/node_modules/.bin/vite --port 5173', 'Vite'],
    ['node', 'node C:\\app\\node_modules\\vite\\bin\\vite.js', 'Vite'],
    ['node', 'next-server (v15.1.0)', 'Next.js'],
    ['node', 'node /app/node_modules/.bin/next dev', 'Next.js'],
    ['node', 'node /app/node_modules/next/dist/server/lib/start-server.js', 'Next.js'],
    ['node', 'node /app/node_modules/.bin/astro dev', 'Astro'],
    ['node', '/usr/bin/node /app/node_modules/.bin/nuxi dev', 'Nuxt'],
    ['node', 'ng serve', 'Angular'],
    ['node', 'node /app/node_modules/react-scripts/scripts/start.js', 'Create React App'],
    ['node', 'node /app/node_modules/.bin/storybook dev -p 6006', 'Storybook'],
    ['node', 'node /app/node_modules/.bin/http-server .', 'Static files'],
    ['python3.12', 'python3 manage.py runserver 0.0.0.0:8000', 'Django'],
    ['python3.12', '/venv/bin/python /venv/bin/flask --app hello run', 'Flask'],
    ['python3.12', 'python3 -m http.server 8123', 'Python web server'],
    ['python3.12', '/venv/bin/python /venv/bin/jupyter-lab', 'Jupyter'],
    ['ruby', 'ruby bin/rails server', 'Rails'],
    ['ruby', 'puma 6.4.2 (tcp://localhost:3000) [shop]', 'Puma'],
    ['php8.3', 'php -S localhost:8000', 'PHP'],
    ['php8.3', 'php artisan serve', 'Laravel'],
    ['java', 'java -jar -Dspring-boot.run.arguments= app.jar', 'Spring Boot'],
    ['nginx', 'nginx: master process nginx', 'nginx'],
    ['ollama', '/usr/local/bin/ollama serve', 'Ollama'],
  ])('takes %s (%s) for %s', (name, commandLine, framework) => {
    expect(guessByProcess(listener(name, commandLine))).toEqual({ framework, kind: 'web' })
  })

  it.each([
    ['postgres', 'PostgreSQL'],
    ['mysqld', 'MySQL'],
    ['mariadbd', 'MariaDB'],
    ['redis-server', 'Redis'],
    ['mongod', 'MongoDB'],
    ['sqlservr', 'SQL Server'],
  ])('shows %s as a database at any port', (name, framework) => {
    expect(guessByProcess(listener(name, `/usr/bin/${name} -D /data`, 15_432))).toEqual({
      framework,
      kind: 'database',
    })
  })

  it('goes by the port where nobody is named, or only a forwarder', () => {
    expect(guessByProcess(listener(null, '', 5432))).toEqual({ framework: 'PostgreSQL', kind: 'database' })
    expect(guessByProcess(listener('docker-proxy', 'docker-proxy -host-port 3306', 3306))?.kind).toBe(
      'database',
    )
    expect(guessByProcess(listener('sshd', 'sshd: /usr/sbin/sshd -D', 2222))).toEqual({
      framework: 'SSH',
      kind: 'other',
    })
  })

  it.each([
    ['node', 'node server.js'],
    ['node', 'node /home/ada/invite/server.js'],
    ['python3', 'python3 /srv/serve.py'],
    ['api', './api --next device'],
  ])('claims nothing of %s (%s)', (name, commandLine) => {
    expect(guessByProcess(listener(name, commandLine))).toBeNull()
  })
})
