/** Short ways to send requests and to read problem documents. */
import assert from 'node:assert/strict'

export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  requestId: string
  errors?: { path: string; code: string; message: string }[]
}

export const PLAY = {
  eventType: 'track.played',
  timestamp: '2026-11-24T10:00:00Z',
  userId: 'u1',
  entityType: 'track',
  entityId: '1',
  metadata: { albumId: 'a1', artistId: '4' },
}

export type Headers = Record<string, string>

/** Posts a body; what is neither text nor bytes is sent as JSON. */
export function post(url: string, body: unknown, headers: Headers = {}): Promise<Response> {
  const bytes = typeof body === 'string' || body instanceof Uint8Array
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: bytes ? (body as string) : JSON.stringify(body),
  })
}

export const postEvent = (url: string, body: unknown, headers?: Headers) =>
  post(`${url}/api/stats/events`, body, headers)

export const postBatch = (url: string, body: unknown, headers?: Headers) =>
  post(`${url}/api/stats/events/batch`, body, headers)

export async function json<T = Record<string, unknown>>(response: Response, status = 200): Promise<T> {
  const text = await response.text()
  assert.equal(response.status, status, text)
  return JSON.parse(text) as T
}

/** Checks that the answer is a problem document of this status and code, and gives it. */
export async function problem(response: Response, status: number, code: string): Promise<Problem> {
  const body = await json<Problem>(response, status)
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  assert.equal(body.code, code)
  assert.equal(body.status, status)
  assert.equal(body.requestId, response.headers.get('x-request-id'))
  assert.ok(body.type.endsWith(code) && body.title && body.detail)
  return body
}

/** Waits until `condition` holds; on a busy machine what takes a moment otherwise may take half a minute. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const end = Date.now() + patienceMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not happen in time')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
