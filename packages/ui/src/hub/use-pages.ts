import { useInfiniteQuery } from '@tanstack/react-query'

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

interface PagesOptions<Item> {
  readonly key: readonly unknown[]
  readonly read: (page: { cursor?: string }) => Promise<Page<Item>>
  /** How often the first page is read again while the window is looked at; who has read on is not disturbed. */
  readonly refetchMs?: number
}

interface Read {
  readonly state: { readonly data?: { readonly pages: readonly unknown[] } | undefined }
}

/** A list that the hub gives in pages: all that was read so far, and how to get more. */
export function usePages<Item>({ key, read, refetchMs }: PagesOptions<Item>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam }) => read(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: ({ state }: Read) =>
      refetchMs === undefined || (state.data?.pages.length ?? 1) > 1 ? false : refetchMs,
  })
  return { ...query, items: query.data?.pages.flatMap(({ items }) => items) ?? [] }
}
