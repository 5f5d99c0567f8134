/** What releases are called. Pure. */

interface Named {
  id: string
  title: string | null
}

export const titleOf = ({ id, title }: Named): string => title ?? id

/** The title of each; with the id where others have the same one. */
export function uniqueNames(named: readonly Named[]): string[] {
  const counts = new Map<string, number>()
  for (const each of named) counts.set(titleOf(each), (counts.get(titleOf(each)) ?? 0) + 1)
  return named.map(each => {
    const name = titleOf(each)
    return counts.get(name) === 1 || name === each.id ? name : `${name} (${each.id})`
  })
}
