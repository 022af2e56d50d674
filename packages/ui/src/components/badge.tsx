type Tone = 'good' | 'late' | 'bad' | 'quiet'

/** A state in a word; its colour only repeats what the word says. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span className={`badge badge-${tone}`}>{children}</span>
}
