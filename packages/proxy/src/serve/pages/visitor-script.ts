/**
 * Asks again while the page is looked at, at random moments that grow apart (so that many open tabs are no flood), and
 * loads the page anew once anything but the same trouble answers. A page in the path form's sandbox has an opaque origin
 * and cannot read the answer: it only finds out that the hub is there before it loads anew.
 */
export const retryScript = `
const first = Number(document.getElementById('retry').dataset.seconds)
const isApart = self.origin === 'null'
let attempts = 0
let timer
const plan = () => {
  clearTimeout(timer)
  if (document.hidden) return
  const seconds = Math.min(60, first * 1.6 ** (isApart ? 1 : attempts)) * (0.6 + 0.8 * Math.random())
  attempts += 1
  timer = setTimeout(ask, seconds * 1000)
}
const ask = async () => {
  try {
    const mode = isApart ? 'no-cors' : 'same-origin'
    const answer = await fetch(location.href, { method: 'HEAD', mode, cache: 'no-store', redirect: isApart ? 'follow' : 'manual' })
    if (isApart || ![429, 502, 503, 504].includes(answer.status)) return location.reload()
  } catch {}
  plan()
}
const soon = () => {
  attempts = 0
  plan()
}
document.addEventListener('visibilitychange', soon)
addEventListener('online', soon)
plan()
`

/** Counts the seconds down that a limited visitor has to wait. It does not load anew by itself: that would use the limit up. */
export const countdownScript = `
const left = document.getElementById('left')
const endMs = performance.now() + Number(left.dataset.seconds) * 1000
const tick = () => {
  const seconds = Math.ceil((endMs - performance.now()) / 1000)
  if (seconds <= 0) {
    left.parentElement.textContent = 'You can try again now.'
    return
  }
  left.textContent = seconds === 1 ? '1 second' : seconds + ' seconds'
  setTimeout(tick, 250)
}
tick()
`
