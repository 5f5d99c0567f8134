/** Who asks, and whether somebody still waits for an answer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asker } from '../storage/figures.ts'

/** The client; its signal is aborted when it leaves before it has got the answer. */
export function askerOf(request: FastifyRequest, reply: FastifyReply): Asker {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return { client: request.client, signal: controller.signal }
}
