/** What a page shows before one reads it: strokes in a 24×24 field, and how grave it is. */
const signs = {
  unknown: {
    tone: '',
    strokes:
      '<circle cx="12" cy="12" r="9"/><path d="M9.4 9.3a2.7 2.7 0 1 1 3.8 2.6c-.8.4-1.2 1-1.2 1.9M12 17v.1"/>',
  },
  ended: {
    tone: '',
    strokes:
      '<path d="M9 15a4 4 0 0 1 0-6l2-2a4 4 0 0 1 6 6l-1 1M15 9a4 4 0 0 1 0 6l-2 2a4 4 0 0 1-6-6l1-1M4 4l16 16"/>',
  },
  refused: {
    tone: ' closed',
    strokes: '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
  },
  limited: {
    tone: ' late',
    strokes: '<path d="M7 4h10M7 20h10M8 4v3.5l4 4.5 4-4.5V4M8 20v-3.5l4-4.5 4 4.5V20"/>',
  },
  offline: {
    tone: ' waiting',
    strokes: '<path d="M20.5 13A8.5 8.5 0 1 1 11 3.5 6.6 6.6 0 0 0 20.5 13z"/>',
  },
  unplugged: {
    tone: ' waiting',
    strokes: '<path d="M9 3v4M15 3v4M6 7h12v3a6 6 0 0 1-12 0zM12 16v5"/>',
  },
  late: { tone: ' late', strokes: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.4 2"/>' },
  machine: {
    tone: '',
    strokes:
      '<rect x="4" y="4" width="16" height="7" rx="2"/><rect x="4" y="13" width="16" height="7" rx="2"/><path d="M8 7.5v.1M8 16.5v.1"/>',
  },
} as const

export type SignName = keyof typeof signs

/** Decoration only: the heading says the same. */
export function renderSign(name: SignName): string {
  const { tone, strokes } = signs[name]
  return `<div class="sign${tone}" aria-hidden="true"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${strokes}</svg></div>`
}
