/** Names and genres as they are compared. */

/** Letters before U+017F are folded by lower case alone, all but these three, and NFC changes none of them. */
const NEEDS_MORE_THAN_LOWER_CASE = /[µßŉ\u017f-\uffff]/

/**
 * An artist's name or a genre without what makes no difference: trimmed, in NFC, and with full case folding. Two texts
 * fold to one exactly where Unicode's `CaseFolding.txt` (statuses C and F, so not as in Turkish) says that they differ in
 * case only: `Straße` and `STRASSE`, `ς` and `σ`, `ﬁ` and `FI`, the micro sign and `μ`. Folding again changes nothing.
 * Where what it gives changes, raise the `version` of the tables whose keys are folded.
 */
export function foldText(text: string): string {
  const trimmed = text.trim()
  if (!NEEDS_MORE_THAN_LOWER_CASE.test(trimmed)) return trimmed.toLowerCase()
  // The capital of ı is the I of i, but ı folds to itself: the two are different letters.
  return trimmed.normalize('NFC').split('ı').map(withoutCase).join('ı').normalize('NFC')
}

/**
 * Down, up and down again: `ß` has no capital but SS, and `ẞ` no other small letter than `ß`. Which sigma ends a word
 * depends on what is around it.
 */
function withoutCase(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}
