'use client'

import { useState } from 'react'

export default function Counter() {
  const [count, setCount] = useState(0)
  return (
    <section>
      <h1>Get started</h1>
      <button onClick={() => setCount(count + 1)}>Count is {count}</button>
    </section>
  )
}
