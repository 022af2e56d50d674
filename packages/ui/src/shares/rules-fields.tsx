import { Checkbox, CheckboxGroup, Disclosure, DisclosurePanel, Heading, Label } from 'react-aria-components'
import { Check } from 'lucide-react'
import { shareMethods, type ShareMethod } from '@private-connect/api/contracts'
import { CheckMark } from '../components/check-mark.tsx'
import { DisclosureTrigger } from '../components/disclosure-trigger.tsx'
import { Field } from '../components/field.tsx'
import { PathPreview } from './path-preview.tsx'
import { linesOf, type RulesDraft } from './rules-draft.ts'

interface RulesFieldsProps {
  readonly draft: RulesDraft
  readonly onChange: (draft: RulesDraft) => void
  readonly isDatabase: boolean
  /** Unfolded from the beginning. */
  readonly isOpen?: boolean
}

/** Limits of a share, folded away until they are wanted. */
export function RulesFields({ draft, onChange, isDatabase, isOpen = false }: RulesFieldsProps) {
  return (
    <Disclosure className="disclosure" defaultExpanded={isOpen}>
      <Heading>
        <DisclosureTrigger>{isDatabase ? 'What queries may do' : 'What visitors may do'}</DisclosureTrigger>
      </Heading>
      <DisclosurePanel>
        {isDatabase ? (
          <DatabaseRules draft={draft} onChange={onChange} />
        ) : (
          <WebRules draft={draft} onChange={onChange} />
        )}
        <Field
          label={isDatabase ? 'Queries a minute, at most' : 'Requests a minute, at most'}
          name="rateLimitPerMin"
          inputMode="numeric"
          hint={`Of all visitors together, 1 to 1,000. Empty: ${isDatabase ? '30 queries, 5,000 of all else' : '5,000'}.`}
          value={draft.rate}
          onChange={(rate) => onChange({ ...draft, rate: rate.replaceAll(/\D/g, '') })}
        />
      </DisclosurePanel>
    </Disclosure>
  )
}

type PartProps = Omit<RulesFieldsProps, 'isDatabase' | 'isOpen'>

function WebRules({ draft, onChange }: PartProps) {
  return (
    <>
      <Field
        label="Only these paths"
        name="allowedPaths"
        rows={3}
        placeholder={'/api/*\n/health'}
        hint="One a line. * stands for any characters between two slashes, /* at the end for everything below. Empty: all paths."
        value={draft.paths}
        onChange={(paths) => onChange({ ...draft, paths })}
      />
      <PathPreview patterns={linesOf(draft.paths)} />
      <CheckboxGroup
        className="field"
        value={[...draft.methods]}
        onChange={(methods) => onChange({ ...draft, methods: methods as ShareMethod[] })}
      >
        <Label>Only these methods</Label>
        <div className="row">
          {shareMethods.map((method) => (
            <CheckMark key={method} value={method} text={method} />
          ))}
        </div>
        <span className="hint">None chosen: all of them. GET includes HEAD.</span>
      </CheckboxGroup>
    </>
  )
}

function DatabaseRules({ draft, onChange }: PartProps) {
  return (
    <>
      <Checkbox
        className="checkbox"
        isSelected={draft.allowWrites}
        onChange={(allowWrites) => onChange({ ...draft, allowWrites })}
      >
        <span className="checkbox-box">
          <Check aria-hidden size={14} />
        </span>
        Queries may write: one INSERT, UPDATE or DELETE each
      </Checkbox>
      <Field
        label="Masked columns"
        name="maskedColumns"
        rows={2}
        placeholder="users.email"
        hint="One a line, as table.column. Queries see *** instead of their values and cannot search in them."
        value={draft.maskedColumns}
        onChange={(maskedColumns) => onChange({ ...draft, maskedColumns })}
      />
    </>
  )
}
