/** The headers of answers that the hooks of all routes set, as the OpenAPI document tells of them. */

const header = (type: 'integer' | 'string', description: string) => ({ description, schema: { type } })

/** The document's own headers, which its answers refer to. */
export const HEADERS = {
  'x-request-id': {
    ...header('string', 'Names the request, in the log too: as it was sent, where that is short and plain.'),
    required: true,
  },
  'ratelimit-limit': header('integer', 'How many requests are taken in a period; absent where nothing is limited.'),
  'ratelimit-remaining': header('integer', 'How many of them are left.'),
  'ratelimit-reset': header('integer', 'Seconds until the period ends.'),
  'www-authenticate': header('string', 'How to authenticate: `Bearer`, with an API key.'),
} as const

type Name = keyof typeof HEADERS

const LIMITED: readonly Name[] = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']

/** Adds to the answers of an operation the headers that they have. */
export function describeHeaders(responses: Record<string, { headers?: object }>): void {
  const common: readonly Name[] = ['x-request-id', ...('429' in responses ? LIMITED : [])]
  for (const [status, answer] of Object.entries(responses)) {
    const names = status === '401' ? [...common, 'www-authenticate'] : common
    const references = names.map(name => [name, { $ref: `#/components/headers/${name}` }])
    answer.headers = { ...Object.fromEntries(references), ...answer.headers }
  }
}
