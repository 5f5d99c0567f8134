/** Whether somebody still waits for an answer. */
import type { FastifyReply } from 'fastify'

/** Aborted when the client leaves before it has got the answer. */
export function whileAwaited(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
