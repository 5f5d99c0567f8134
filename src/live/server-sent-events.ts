/** How messages are written to a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */

/** A message as clients expect it by default; `data` is written as JSON. */
export const messageText = (data: object): string => `data: ${JSON.stringify(data)}\n\n`

/** A message that clients get who listen for the event. */
export const eventText = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** What clients pass over, and proxies take for a sign of life. */
export const HEARTBEAT = ': heartbeat\n\n'

/** After how many milliseconds a client connects again where the stream ends. */
export const retryText = (milliseconds: number): string => `retry: ${milliseconds}\n\n`
