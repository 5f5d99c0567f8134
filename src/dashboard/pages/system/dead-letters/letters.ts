/** Dead letters as the page shows and repairs them: with the text of their event. */
import { useQuery } from '@tanstack/react-query'
import type { DeadLetterPage, DeadLetterSummary } from '../../../../http/dead-letters.ts'
import { useAnswer } from '../../../requests/queries.ts'
import { addressOf, send } from '../../../requests/request.ts'
import { parseExact } from './exact-json.ts'

export const LETTERS_PATH = '/api/stats/dead-letters'

/** The reason of what is not there to be sent again: it is in the log, and no figure can contain it. */
export const SET_ASIDE = 'unprojectable'

type Listed = DeadLetterPage['items'][number]

export interface Letter extends Omit<Listed, 'event'> {
  /** The event as JSON with line breaks; as it came where it was not JSON, or is cut. */
  text: string
}

interface LetterPage {
  items: Letter[]
  nextCursor: string | null
}

interface PageParameters {
  reason: string | null
  cursor: string | null
  limit: number
}

export function useLetters(parameters: PageParameters) {
  return useQuery<LetterPage, Error>({
    queryKey: [LETTERS_PATH, parameters],
    queryFn: ({ signal }) => askLetters(parameters, signal),
  })
}

export function useLetterSummary() {
  return useAnswer<DeadLetterSummary>(`${LETTERS_PATH}/summary`)
}

/** A page of dead letters. @throws RequestError */
export async function askLetters(parameters: PageParameters, signal: AbortSignal): Promise<LetterPage> {
  const response = await send(addressOf(LETTERS_PATH, { ...parameters }), { signal })
  const { items, nextCursor } = parseExact(await response.text()) as DeadLetterPage
  return { items: items.map(withText), nextCursor }
}

function withText({ event, ...letter }: Listed): Letter {
  const isText = letter.cut || letter.reason === 'malformed_json'
  return { ...letter, text: isText ? String(event) : JSON.stringify(event, null, 2) }
}
