import { useQuery } from '@tanstack/react-query'
import { useOwnDesktop } from './desktop-context.tsx'

export function About() {
  const { call } = useOwnDesktop()
  const { data } = useQuery({
    queryKey: ['app-info'],
    queryFn: async () => call('app:info'),
    staleTime: Infinity,
  })
  if (data === undefined) return null
  return (
    <p className="hint">
      {data.name} {data.version} on Electron {data.electronVersion}
    </p>
  )
}
