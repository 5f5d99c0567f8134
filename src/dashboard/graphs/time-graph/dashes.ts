/** The dashes of lines, by which they are told apart beside their colours. In CSS pixels. */

/** In the order of the series. The first one is drawn through. */
export const DASHES: readonly number[][] = [[], [7, 4], [2, 4], [10, 4, 2, 4], [4, 2]]
export const EARLIER_DASH = [4, 4]
