import { useMemo } from 'react'
import { encode } from 'uqr'

/** Modules of light around it, as readers need. */
const borderModules = 4

/** A text for a phone's camera, dark on light in either theme: many cameras read no inverted one. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    const { data, size } = encode(text, { ecc: 'M', border: borderModules })
    return {
      size,
      path: data
        .flatMap((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`))
        .join(''),
    }
  }, [text])
  return (
    <figure className="qr-code" aria-label={label}>
      <svg viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" aria-hidden>
        <rect width={size} height={size} fill="#ffffff" />
        <path d={path} fill="#000000" />
      </svg>
    </figure>
  )
}

/** Where dark modules stand side by side, and how many. */
function runsOf(row: readonly boolean[]): ReadonlyArray<readonly [x: number, length: number]> {
  return row.flatMap((isDark, x) => {
    if (!isDark || row[x - 1] === true) return []
    const end = row.indexOf(false, x)
    return [[x, (end === -1 ? row.length : end) - x] as const]
  })
}
