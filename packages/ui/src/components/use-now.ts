import { useEffect, useState } from 'react'

const stepMs = 15_000

/** The time now, for sentences such as "in 3 hours"; moves on by itself. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), stepMs)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
