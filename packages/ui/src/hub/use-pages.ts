import { useInfiniteQuery } from '@tanstack/react-query'

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

interface PagesOptions<Item> {
  readonly key: readonly unknown[]
  readonly read: (page: { cursor?: string }) => Promise<Page<Item>>
  /** How often the first pages are read again while the window is looked at. */
  readonly refetchMs?: number
}

/** A list that the hub gives in pages: all that was read so far, and how to get more. */
export function usePages<Item>({ key, read, refetchMs }: PagesOptions<Item>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam }) => read(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    ...(refetchMs === undefined ? {} : { refetchInterval: refetchMs }),
  })
  return { ...query, items: query.data?.pages.flatMap(({ items }) => items) ?? [] }
}
