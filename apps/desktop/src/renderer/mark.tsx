/** Two ends and the link between them. Decorative: the heading beside it says the name. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <rect className="mark-ground" width="48" height="48" rx="12" />
      <path className="mark-line" d="M17 31 31 17" />
      <circle className="mark-end" cx="15" cy="33" r="5.5" />
      <circle className="mark-end mark-far" cx="33" cy="15" r="5.5" />
    </svg>
  )
}
