/** What the catalogue is asked for a genre with: it matches an expression, without case, anywhere in an album's genre. */

/** What full case folding writes apart, such as ß and ﬁ. */
const WRITTEN_APART = /ss|ff[il]?|fi|fl|st/
const MEANS_SOMETHING = /[\\^$.*+?()[\]{}|]/
/** One after the other: a character that case folding makes of another one, or that can be written in two ways, or that means something. */
const PARTS = new RegExp(`${WRITTEN_APART.source}|\\P{ASCII}|${MEANS_SOMETHING.source}`, 'gu')

/**
 * An expression that matches the whole of every genre that folds to `folded`, and few others: `rock` gives
 * `^\s*rock\s*$`, so that newer albums of Rockabilly take no places. `musik straße`, which folds to `musik strasse`, gives
 * `^\s*musik .{1,2}ra.{1,2}e\s*$`, and `é` matches composed and decomposed.
 */
export function wholeGenre(folded: string): string {
  return `^\\s*${folded.replace(PARTS, part => alternatives(part))}\\s*$`
}

/** An expression that matches the text and nothing else, wherever it stands. */
export function literally(text: string): string {
  return text.replace(new RegExp(MEANS_SOMETHING, 'g'), String.raw`\$&`)
}

function alternatives(part: string): string {
  if (MEANS_SOMETHING.test(part)) return `\\${part}`
  if (WRITTEN_APART.test(part)) return `.{1,${part.length}}`
  const decomposed = part.normalize('NFD')
  return decomposed === part ? part : `(?:${part}|${decomposed})`
}
