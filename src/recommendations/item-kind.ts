/** The kinds of items that can be recommended. */
export const ITEM_KINDS = ['artist', 'album', 'track'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]
