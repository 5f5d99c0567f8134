/** Parameters that several routes have, and what holds for those of all. */
import type { FastifyInstance, FastifyRequest, preHandlerHookHandler, preValidationHookHandler } from 'fastify'
import { Type } from 'typebox'
import { invalidInput } from '../errors.ts'

const MOST_ROWS = 100

/** How many rows an answer has: 1 to 100 everywhere. */
export function Limit(otherwise: number) {
  const description = `At most this many; above ${MOST_ROWS} means ${MOST_ROWS}.`
  return Type.Integer({ minimum: 1, default: otherwise, description })
}

/**
 * Lets every route that is registered from now on, and whose schema names its query parameters, take a `limit` above 100
 * as 100, and refuse a parameter that differs from one of them only in case: ignored, `startdate` would give the figures
 * of all time. Other unknown parameters are ignored.
 */
export function readParameters(app: FastifyInstance): void {
  app.addHook('onRoute', route => {
    const { properties } = (route.schema?.querystring ?? {}) as { properties?: object }
    if (!properties) return
    route.preValidation = [refuseOtherCase(Object.keys(properties)), ...[route.preValidation ?? []].flat()]
    if ('limit' in properties) route.preHandler = [capLimit, ...[route.preHandler ?? []].flat()]
  })
}

function refuseOtherCase(names: readonly string[]): preValidationHookHandler {
  const known = new Map(names.map(name => [name.toLowerCase(), name]))
  return (request, _reply, done) => {
    for (const sent in request.query as object) {
      const name = known.get(sent.toLowerCase())
      if (name === undefined || name === sent) continue
      throw invalidInput([{ path: sent, code: 'unknown_parameter', message: `must be written ${name}` }])
    }
    done()
  }
}

const capLimit: preHandlerHookHandler = (request: FastifyRequest, _reply, done) => {
  const query = request.query as { limit: number }
  query.limit = Math.min(query.limit, MOST_ROWS)
  done()
}
