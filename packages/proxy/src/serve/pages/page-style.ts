/** What all pages of the hub look like, in light and dark; visitors' pages carry it inline, the hub's own link to it. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #101418);
  --card: light-dark(#ffffff, #181e25);
  --ink: light-dark(#17202a, #e8edf2);
  --soft: light-dark(#5a6673, #9aa7b4);
  --line: light-dark(#dde2e8, #2b343e);
  --edge: light-dark(#8692a0, #5d6a78);
  --accent: light-dark(#0b6bcb, #5aa9f5);
  --on-accent: light-dark(#ffffff, #07131f);
  --bad: light-dark(#b3261e, #ff9a8f);
  --late: light-dark(#8a5300, #f0b45c);
}

* {
  box-sizing: border-box;
}

body {
  margin: 0;
  min-height: 100dvh;
  display: grid;
  place-items: center;
  padding: 1.5rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif;
}

main {
  width: min(36rem, 100%);
  padding: clamp(1.5rem, 5vw, 2.5rem);
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 1rem;
  overflow-wrap: break-word;
}

.brand {
  display: flex;
  align-items: center;
  gap: 0.6rem;
  margin: 0 0 1.75rem;
  color: var(--soft);
  font-size: 0.9rem;
  font-weight: 600;
}

.brand svg {
  width: 1.4rem;
  height: 1.4rem;
  color: var(--accent);
}

h1 {
  margin: 0 0 0.5rem;
  font-size: 1.55rem;
  line-height: 1.25;
  text-wrap: balance;
}

p {
  margin: 0 0 1rem;
  color: var(--soft);
}

a {
  color: var(--accent);
}

button,
a.button {
  display: inline-block;
  padding: 0.6rem 1.1rem;
  border: 0;
  border-radius: 0.55rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  text-decoration: none;
  cursor: pointer;
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

[hidden] {
  display: none;
}
`
