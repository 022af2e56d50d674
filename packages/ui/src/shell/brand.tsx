import { Link2 } from 'lucide-react'

export function Brand() {
  return (
    <p className="brand">
      <Link2 aria-hidden size={20} />
      Private Connect
    </p>
  )
}
