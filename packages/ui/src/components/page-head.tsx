import type { ReactNode } from 'react'

interface PageHeadProps {
  readonly title: string
  readonly text?: string
  readonly children?: ReactNode
}

/** A screen's title, what it is for, and its main action. */
export function PageHead({ title, text, children }: PageHeadProps) {
  return (
    <header className="page-head">
      <title>{`${title} · Private Connect`}</title>
      <div>
        <h1>{title}</h1>
        {text === undefined ? null : <p className="soft">{text}</p>}
      </div>
      <div className="row">{children}</div>
    </header>
  )
}
