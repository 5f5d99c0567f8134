/** How many events the stores have that a benchmark starts from. */
export interface Sizes {
  small: number
  large: number
}
