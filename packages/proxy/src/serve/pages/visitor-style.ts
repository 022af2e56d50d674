/** Beyond the common style: a sign for what has happened, what happens next, and the small print. */
export const visitorStyle = `
.sign {
  --tone: var(--soft);
  display: grid;
  place-items: center;
  width: 3.75rem;
  height: 3.75rem;
  margin: 0 0 1.25rem;
  border-radius: 1.1rem;
  background: color-mix(in srgb, var(--tone) 14%, transparent);
  color: var(--tone);
}

.sign.waiting {
  --tone: var(--accent);
}

.sign.late {
  --tone: var(--late);
}

.sign.closed {
  --tone: var(--bad);
}

.sign svg {
  width: 1.9rem;
  height: 1.9rem;
}

.next {
  display: flex;
  align-items: center;
  gap: 0.6rem;
  font-size: 0.95rem;
}

.next time {
  color: var(--ink);
  font-weight: 600;
  font-variant-numeric: tabular-nums;
}

.next.trying::before {
  content: '';
  flex: none;
  width: 0.6rem;
  height: 0.6rem;
  border-radius: 50%;
  background: var(--accent);
  animation: breathe 2s ease-in-out infinite;
}

.actions {
  margin: 1.5rem 0 0;
}

footer {
  margin: 2rem 0 0;
  padding: 1rem 0 0;
  border-top: 1px solid var(--line);
  color: var(--soft);
  font: 0.72rem/1.6 ui-monospace, monospace;
  overflow-wrap: anywhere;
}

@keyframes breathe {
  50% {
    opacity: 0.25;
  }
}

@media (prefers-reduced-motion: reduce) {
  .next.trying::before {
    animation: none;
  }
}
`
