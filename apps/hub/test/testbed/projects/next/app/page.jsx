import { Suspense } from 'react'
import Link from 'next/link'
import Counter from './counter'
import Greeting from './greeting'

export const dynamic = 'force-dynamic'

async function Late() {
  await new Promise((resolve) => setTimeout(resolve, 300))
  return <p>The late part is here</p>
}

export default function Page() {
  return (
    <main>
      <Counter />
      <Greeting />
      <Link href="/second">Second page</Link>
      <Suspense fallback={<p>Waiting for the late part</p>}>
        <Late />
      </Suspense>
    </main>
  )
}
