/**
 * `npm run bench:desktop`: the packed app on a desktop of its own (Xvfb, D-Bus, dunst, gnome-keyring), beside a real hub. How long people wait
 * for it, and what it costs while nobody uses it. The results stand in docs/benchmarks.md.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpus, loadavg, release } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildApp, layOutApp } from '../kit/build-app.ts'
import { launchInWorld, letIn, openWorld, type DesktopWorld } from '../kit/desktop-world.ts'
import { processTree } from '../kit/listening-sockets.ts'
import { visit } from '@private-connect/sharing/testing'
import { packageApp } from '../kit/package-app.ts'
import { startVisitedApp } from '../kit/visited-app.ts'
import { readProcessCost } from './process-cost.ts'

const starts = 8
const shares = 12
const idleSeconds = 60

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** Polls without a pause: what is asked takes a few milliseconds itself. */
async function until(isTrue: () => boolean, timeoutMs = 20_000): Promise<number> {
  const startedAtMs = performance.now()
  while (!isTrue()) {
    if (performance.now() - startedAtMs > timeoutMs) throw new Error(`not within ${timeoutMs} ms`)
    await sleep(1)
  }
  return performance.now()
}

function report(name: string, barMs: number, samplesMs: readonly number[]): void {
  const sorted = samplesMs.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(0)
  const worst = sorted.at(-1) ?? NaN
  print(
    `| ${name} | ${at(0.5)} | ${at(0.95)} | ${worst.toFixed(0)} | ${barMs} | ${worst < barMs ? 'yes' : 'no'} |`,
  )
}

async function startPacked(
  world: DesktopWorld,
  executable: string,
  args: readonly string[],
): Promise<ChildProcess> {
  return spawn(
    executable,
    [
      '--no-sandbox',
      '--disable-gpu',
      '--password-store=gnome-libsecret',
      `--user-data-dir=${join(world.folder, 'user-data')}`,
      ...args,
    ],
    { env: world.env, stdio: 'ignore' },
  )
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Signs in once; the packed app finds the session in the same folder and keyring. */
async function signIn(world: DesktopWorld): Promise<void> {
  const laidOut = layOutApp(world.session.env['ELECTRON_EXEC_PATH'] ?? '')
  const { program, page } = await launchInWorld(world, { executable: laidOut.executable })
  await letIn(world, page)
  while (!(await world.tray.toolTip()).includes('Connected')) await sleep(50)
  await end(program)
  laidOut.remove()
}

/** The menu follows a moment after a port or a share came or went. */
async function menuShows({ tray }: DesktopWorld, begins: string): Promise<void> {
  const isShown = async (): Promise<boolean> =>
    (await tray.items()).some(({ path }) => path.at(-1)?.startsWith(begins) === true)
  for (let tries = 0; !(await isShown()); tries += 1) {
    if (tries > 500) throw new Error(`the menu did not show ${begins}`)
    await sleep(20)
  }
  // A person clicks on a menu that has come to rest; while it is made anew, what was read of it is gone.
  await sleep(700)
}

async function measureShares(
  world: DesktopWorld,
  port: number,
): Promise<{ clicks: number[]; visits: number[] }> {
  const { tray, notifications } = world
  const clicks: number[] = []
  const visits: number[] = []
  // It stays, to hand the text out: nobody may wait for the end of its output.
  execFileSync('xclip', ['-selection', 'clipboard', '-i'], {
    env: world.env,
    input: 'nothing yet',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  for (let round = 0; round < shares; round += 1) {
    await menuShows(world, `${port} `)
    const before = world.clipboard()
    const clickedAtMs = performance.now()
    await tray.click('Share this port', new RegExp(`^${port}\\b`))
    clicks.push((await until(() => world.clipboard() !== before)) - clickedAtMs)
    await until(() => notifications.shownCount() === 1)
    notifications.closeAll()
    await until(() => notifications.shownCount() === 0)
    const visitedAtMs = performance.now()
    const answer = visit(world.clipboard())
    visits.push((await until(() => notifications.shownCount() === 1)) - visitedAtMs)
    await answer
    notifications.closeAll()
    await menuShows(world, 'Revoke')
    await tray.click(/^Active shares/, 'Revoke')
    while (!(await tray.toolTip()).includes('nothing is shared')) await sleep(20)
  }
  return { clicks, visits }
}

const load = loadavg()[0] ?? NaN
const [world, website] = await Promise.all([openWorld(), startVisitedApp()])
buildApp()
const packaged = packageApp(world.session.env['ELECTRON_EXEC_PATH'] ?? '')
try {
  await signIn(world)
  const startTimes: number[] = []
  let icons = 1
  for (let round = 0; round < starts; round += 1) {
    const startedAtMs = performance.now()
    const child = await startPacked(world, packaged.executable, [])
    await world.tray.waitForIcon((icons += 1))
    startTimes.push(performance.now() - startedAtMs)
    await sleep(1500)
    await end(child)
  }
  const child = await startPacked(world, packaged.executable, ['--hidden'])
  await world.tray.waitForIcon((icons += 1))
  while (!(await world.tray.toolTip()).includes('Connected')) await sleep(50)
  const { clicks, visits } = await measureShares(world, website.port)
  await sleep(10_000)
  const before = readProcessCost(processTree(child.pid ?? 0))
  await sleep(idleSeconds * 1000)
  const after = readProcessCost(processTree(child.pid ?? 0))
  await end(child)

  print(
    `Date ${new Date().toISOString().slice(0, 16)}Z, ${cpus().length} cores (${cpus()[0]?.model}), linux ${release()}, load before ${load.toFixed(2)}`,
  )
  print(
    '\n| what | median ms | p95 ms | worst ms | bar ms | met |\n| --- | ---: | ---: | ---: | ---: | --- |',
  )
  report('start of the packed app → icon in the tray', 2000, startTimes)
  report('click in the tray → link on the clipboard', 500, clicks)
  report('visit → notification on the screen', 1000, visits)
  print(
    `\nIdle, signed in, in the tray, no window: ${after.processes} processes, ${after.rssMiB.toFixed(0)} MiB RSS (${after.pssMiB.toFixed(0)} MiB PSS), ` +
      `${(((after.cpuSeconds - before.cpuSeconds) / idleSeconds) * 100).toFixed(2)} % of a core over ${idleSeconds} s`,
  )
} finally {
  packaged.remove()
  await website.close()
  await world.close()
}
