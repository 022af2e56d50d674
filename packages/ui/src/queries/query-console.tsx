import { useQuery } from '@tanstack/react-query'
import { Play, Square } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { Label, TextArea, TextField } from 'react-aria-components'
import type { Service, Share } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { describeRights } from './describe-rights.ts'
import { LoginMissing } from './login-missing.tsx'
import { engines, type Engine } from './engines.ts'
import { QueryHistory } from './query-history.tsx'
import { QueryOutcome } from './query-outcome.tsx'
import { useQueryRun } from './use-query-run.ts'

interface QueryConsoleProps {
  readonly share: Share
  readonly service: Service | undefined
  readonly engine: Engine
}

/** Asks a share's database just as its visitors may: what the owner sees here is what the link shows. */
export function QueryConsole({ share, service, engine }: QueryConsoleProps) {
  const [query, setQuery] = useState('')
  const editor = useRef<HTMLTextAreaElement>(null)
  const { run, start, stop } = useQueryRun(share.id)
  const { example } = engines[engine]
  return (
    <>
      <LoginMissing service={service} />
      <Rules share={share} engine={engine} />
      <Editor
        ref={editor}
        query={query}
        example={example}
        isRunning={run.state === 'running'}
        isOpen={share.isActive}
        onChange={setQuery}
        onRun={() => start(query.trim())}
        onStop={stop}
      />
      <QueryOutcome
        run={run}
        example={example}
        onExample={() => {
          setQuery(example)
          editor.current?.focus()
        }}
      />
      <QueryHistory
        id={share.id}
        onReuse={(asked) => {
          setQuery(asked)
          editor.current?.focus()
        }}
      />
    </>
  )
}

function Rules({ share, engine }: Omit<QueryConsoleProps, 'service'>) {
  const hub = useHub()
  const workspace = useQuery({ queryKey: ['workspace'], queryFn: async () => hub.workspace.get.query({}) })
  const { mayWrite, sentence } = describeRights(share, workspace.data?.policy)
  const { maskedColumns } = share
  return (
    <div className="query-rules">
      <p className="row">
        <Badge tone={mayWrite ? 'late' : 'good'}>{mayWrite ? 'May write' : 'Read only'}</Badge>
        <span>{engines[engine].name}</span>
        <span className="soft">{sentence} Each is recorded before it runs, here and by link.</span>
      </p>
      {maskedColumns.length === 0 ? null : (
        <p className="row">
          <Badge tone="quiet">Masked</Badge>
          {maskedColumns.map((column) => (
            <code key={column}>{column}</code>
          ))}
          <span className="soft">Their values stay hidden, for you as for visitors.</span>
        </p>
      )}
    </div>
  )
}

interface EditorProps {
  readonly ref: React.RefObject<HTMLTextAreaElement | null>
  readonly query: string
  readonly example: string
  readonly isRunning: boolean
  /** False once the share has ended. */
  readonly isOpen: boolean
  readonly onChange: (query: string) => void
  readonly onRun: () => void
  readonly onStop: () => void
}

function Editor({ ref, query, example, isRunning, isOpen, onChange, onRun, onStop }: EditorProps) {
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      onRun()
    } else if (event.key === 'Escape' && isRunning) onStop()
  }
  return (
    <div className="query-editor">
      <TextField className="field" value={query} onChange={onChange} maxLength={10_000} isDisabled={!isOpen}>
        <Label>Query</Label>
        <TextArea ref={ref} rows={5} placeholder={example} spellCheck={false} onKeyDown={onKey} />
      </TextField>
      <div className="row">
        {isRunning ? (
          <Button look="danger" onPress={onStop}>
            <Square aria-hidden size={16} /> Stop
          </Button>
        ) : (
          <Button look="main" isDisabled={!isOpen || query.trim() === ''} onPress={onRun}>
            <Play aria-hidden size={16} /> Run
          </Button>
        )}
        <span className="hint">
          {isOpen
            ? 'Ctrl or ⌘ with Enter runs it, Escape stops it.'
            : 'The share has ended: nobody can ask it.'}
        </span>
      </div>
    </div>
  )
}
