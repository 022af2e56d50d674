import { Button } from './button.tsx'

interface ShowMoreProps {
  readonly pages: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => unknown
  }
}

export function ShowMore({ pages }: ShowMoreProps) {
  if (!pages.hasNextPage) return null
  return (
    <div className="row row-centre">
      <Button isDisabled={pages.isFetchingNextPage} onPress={() => void pages.fetchNextPage()}>
        {pages.isFetchingNextPage ? 'Reading …' : 'Show more'}
      </Button>
    </div>
  )
}
