/** The headers of answers, as the OpenAPI document tells of them. */

interface Answer {
  headers?: Record<string, object>
}

const integer = (description: string) => ({ description, schema: { type: 'integer' } })
const text = (description: string) => ({ description, schema: { type: 'string' } })

/** Every answer has it. */
const REQUEST_ID = {
  ...text('Names the request, in the log too; the one that was sent, where it is short and plain.'),
  required: true,
}

/** Only where limits are set, which they are unless the operator has turned them off. */
const LIMITED = {
  'ratelimit-limit': integer(
    'How many requests are taken in a period: of several limits, of the one with the least left.',
  ),
  'ratelimit-remaining': integer('How many of them are left.'),
  'ratelimit-reset': integer('Seconds until the period ends.'),
}

const CHALLENGE = text('How to authenticate: `Bearer`, with an API key.')

/** Adds to the answers of an operation the headers that its routes get from the hooks of all routes. */
export function describeHeaders(responses: Record<string, Answer>): void {
  const isLimited = '429' in responses
  for (const [status, answer] of Object.entries(responses)) {
    answer.headers = {
      'x-request-id': REQUEST_ID,
      ...(isLimited ? LIMITED : {}),
      ...(status === '401' ? { 'www-authenticate': CHALLENGE } : {}),
      ...answer.headers,
    }
  }
}
