// The visitor's query page. It writes text only, never markup; what was asked is kept while the page is open, nowhere else.
import { kindOf, kindOfColumn, textOf, toCsv } from './present-values.js'

const get = (id) => document.getElementById(id)
const make = (tag, className, text) => {
  const element = document.createElement(tag)
  if (className) element.className = className
  if (text !== undefined) element.textContent = text
  return element
}

const editor = get('query')
const runButton = get('run')
const history = []
let answer = null
let view = 'table'
let running = null

editor.addEventListener('input', fitEditor)
editor.addEventListener('keydown', (event) => {
  const isCommand = event.ctrlKey || event.metaKey
  if (isCommand && event.key === 'Enter') {
    event.preventDefault()
    void run()
  } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    event.preventDefault()
    recall(event.key === 'ArrowUp' ? 1 : -1)
  }
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') running?.abort()
})
get('form').addEventListener('submit', (event) => {
  event.preventDefault()
  if (running === null) void run()
  else running.abort()
})
for (const name of ['table', 'json']) get(`as-${name}`).addEventListener('click', () => show(name))
get('csv').addEventListener('click', downloadCsv)
get('copy').addEventListener('click', () => void copyJson())
get('example').addEventListener('click', () => {
  fill(get('example').textContent)
  editor.focus()
})
fitEditor()
editor.focus()

function fitEditor() {
  editor.style.height = 'auto'
  editor.style.height = `${Math.min(editor.scrollHeight + 2, 420)}px`
}

function fill(query) {
  editor.value = query
  fitEditor()
}

let recalled = -1
function recall(step) {
  const next = recalled + step
  if (next < 0 || next >= history.length) return
  recalled = next
  fill(history[history.length - 1 - next].query)
}

async function run() {
  const query = editor.value.trim()
  if (query === '' || running !== null) return
  running = new AbortController()
  recalled = -1
  setBusy(true)
  const entry = { query, note: '…', isBad: false }
  history.push(entry)
  try {
    await ask(entry, running.signal)
  } catch {
    const isStopped = running.signal.aborted
    showError(
      { message: isStopped ? 'Stopped. The database was told to stop as well.' : 'The hub does not answer.' },
      entry,
    )
  } finally {
    running = null
    setBusy(false)
    showHistory()
  }
}

async function ask(entry, signal) {
  const response = await fetch(get('form').dataset.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: entry.query }),
    credentials: 'omit',
    signal,
  })
  const body = await response.json()
  if (!response.ok) return showError(body, entry)
  answer = body
  entry.note = `${body.rowCount.toLocaleString('en')} ${body.rowCount === 1 ? 'row' : 'rows'} · ${body.durationMs} ms`
  get('problem').hidden = true
  get('welcome').hidden = true
  get('result').hidden = false
  get('summary').textContent = entry.note
  get('truncated').hidden = !body.truncated
  show(view)
}

function setBusy(isBusy) {
  runButton.textContent = isBusy ? 'Stop' : 'Run'
  runButton.classList.toggle('busy', isBusy)
  get('form').setAttribute('aria-busy', String(isBusy))
}

function showError(body, entry) {
  entry.note = body.query?.databaseCode ?? body.error ?? 'stopped'
  entry.isBad = true
  answer = null
  get('result').hidden = true
  get('welcome').hidden = true
  get('problem').hidden = false
  get('problem-text').textContent = body.message
  const details = [body.query?.databaseCode, body.query?.hint, retryText(body.retryAfter)].filter(Boolean)
  get('problem-more').textContent = details.join(' · ')
  showPlace(entry.query, body.query?.position ?? null)
}

const retryText = (seconds) => (seconds === undefined ? null : `Try again in ${seconds} seconds.`)

/** The line that the database points at, with a mark below the character. */
function showPlace(query, position) {
  const place = get('problem-place')
  place.hidden = position === null
  if (position === null) return
  const characters = [...query]
  const before = characters
    .slice(0, position - 1)
    .join('')
    .split('\n')
  const line = query.split('\n')[before.length - 1] ?? ''
  const column = [...before[before.length - 1]].length
  const from = Math.max(0, column - 40)
  const shown = [...line].slice(from, from + 90).join('')
  place.textContent = `${before.length}: ${shown}\n${' '.repeat(String(before.length).length + 2 + column - from)}▲`
}

function showHistory() {
  const list = get('history')
  list.replaceChildren(
    ...history
      .slice(-50)
      .reverse()
      .map((entry) => {
        const item = make('li')
        const button = make('button', 'past')
        button.type = 'button'
        button.append(
          make('code', '', entry.query),
          make('span', entry.isBad ? 'note bad' : 'note', entry.note),
        )
        button.addEventListener('click', () => {
          fill(entry.query)
          editor.focus()
        })
        item.append(button)
        return item
      }),
  )
  get('past').hidden = history.length === 0
}

function show(name) {
  view = name
  for (const other of ['table', 'json'])
    get(`as-${other}`).setAttribute('aria-pressed', String(other === name))
  get('table-view').hidden = name !== 'table'
  get('json-view').hidden = name !== 'json'
  if (answer === null) return
  if (name === 'table') showTable()
  else get('json-view').textContent = JSON.stringify(answer.rows, null, 2)
}

function showTable() {
  const { columns, rows } = answer
  get('empty').hidden = rows.length > 0
  const head = make('tr')
  head.append(make('th', 'number', '#'))
  for (const name of columns) {
    const cell = make('th')
    cell.scope = 'col'
    cell.append(make('span', 'name', name), make('span', 'kind', kindOfColumn(name, rows)))
    head.append(cell)
  }
  get('head').replaceChildren(head)
  get('body').replaceChildren(
    ...rows.map((row, index) => {
      const line = make('tr')
      line.append(make('td', 'number', String(index + 1)))
      for (const name of columns) line.append(cellOf(row[name]))
      return line
    }),
  )
}

function cellOf(value) {
  const kind = kindOf(value)
  const text = textOf(value)
  const cell = make('td', kind, kind === 'null' ? 'null' : text.slice(0, 300))
  if (text.length > 60) {
    cell.tabIndex = 0
    cell.classList.add('long')
    const open = () => openValue(value, text)
    cell.addEventListener('click', open)
    cell.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') open()
    })
  }
  return cell
}

function openValue(value, text) {
  get('value').textContent = typeof value === 'object' ? JSON.stringify(value, null, 2) : text
  get('whole').showModal()
}

function downloadCsv() {
  if (answer === null) return
  const link = make('a')
  link.href = URL.createObjectURL(new Blob(['\uFEFF', toCsv(answer)], { type: 'text/csv' }))
  link.download = 'query.csv'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

async function copyJson() {
  if (answer === null) return
  const text = JSON.stringify(answer.rows, null, 2)
  const isDone = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  get('copy').textContent = isDone ? 'Copied' : 'Not allowed here'
  setTimeout(() => {
    get('copy').textContent = 'Copy JSON'
  }, 2_000)
}
