/** Names and genres as they are compared, by the Unicode data itself: the measure of `src/identity/fold-text.ts`. */
import { caseFold } from 'unicode-case-folding'

export const naiveFold = (text: string): string => caseFold(text.trim().normalize('NFC')).normalize('NFC')
