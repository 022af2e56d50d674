import {
  Checkbox,
  CheckboxGroup,
  Disclosure,
  DisclosurePanel,
  Heading,
  Button,
  Label,
} from 'react-aria-components'
import { Check, ChevronRight } from 'lucide-react'
import { shareMethods, type ShareMethod } from '@private-connect/api/contracts'
import { CheckMark } from '../components/check-mark.tsx'
import { Field } from '../components/field.tsx'
import { PathPreview } from './path-preview.tsx'

export interface RulesDraft {
  readonly paths: string
  readonly methods: readonly ShareMethod[]
  readonly rate: string
  readonly maskedColumns: string
  readonly allowWrites: boolean
}

export const emptyRules: RulesDraft = {
  paths: '',
  methods: [],
  rate: '',
  maskedColumns: '',
  allowWrites: false,
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What the API takes; what was left empty restricts nothing. */
export function toRules(draft: RulesDraft) {
  const [paths, masked] = [linesOf(draft.paths), linesOf(draft.maskedColumns)]
  return {
    ...(paths.length > 0 && { allowedPaths: paths }),
    ...(draft.methods.length > 0 && { allowedMethods: [...draft.methods] }),
    ...(draft.rate !== '' && { rateLimitPerMin: Number(draft.rate) }),
    ...(masked.length > 0 && { maskedColumns: masked }),
    ...(draft.allowWrites && { allowWrites: true }),
  }
}

interface RulesFieldsProps {
  readonly draft: RulesDraft
  readonly onChange: (draft: RulesDraft) => void
  readonly isDatabase: boolean
}

/** Limits of a share, folded away until they are wanted. */
export function RulesFields({ draft, onChange, isDatabase }: RulesFieldsProps) {
  return (
    <Disclosure className="disclosure">
      <Heading>
        <Button slot="trigger" className="button button-quiet">
          <ChevronRight aria-hidden size={16} /> Limits
        </Button>
      </Heading>
      <DisclosurePanel>
        {isDatabase ? (
          <DatabaseRules draft={draft} onChange={onChange} />
        ) : (
          <WebRules draft={draft} onChange={onChange} />
        )}
        <Field
          label="Requests a minute"
          name="rateLimitPerMin"
          inputMode="numeric"
          hint="Over all visitors together, 1 to 1000. Empty: 5,000."
          value={draft.rate}
          onChange={(rate) => onChange({ ...draft, rate: rate.replaceAll(/\D/g, '') })}
        />
      </DisclosurePanel>
    </Disclosure>
  )
}

type PartProps = Omit<RulesFieldsProps, 'isDatabase'>

function WebRules({ draft, onChange }: PartProps) {
  return (
    <>
      <Field
        label="Only these paths"
        name="allowedPaths"
        rows={3}
        placeholder={'/api/*\n/health'}
        hint="One a line. * stands for any characters of one segment, /* at the end for everything below."
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
        hint="One a line. Queries get their values masked, and cannot filter by them."
        value={draft.maskedColumns}
        onChange={(maskedColumns) => onChange({ ...draft, maskedColumns })}
      />
    </>
  )
}
