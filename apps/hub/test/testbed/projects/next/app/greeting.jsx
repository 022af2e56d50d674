'use client'

import { useActionState } from 'react'
import { greet } from './actions'

export default function Greeting() {
  const [answer, action] = useActionState(greet, '')
  return (
    <form action={action}>
      <label>
        Name <input name="name" />
      </label>
      <button>Greet</button>
      <output>{answer}</output>
    </form>
  )
}
