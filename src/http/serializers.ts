/** Writes answers by their schemas. */
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

type Compilers = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>
type BuildSerializers = NonNullable<Compilers['buildSerializer']>

/**
 * What writes the answers of a route is made when the route first answers, not when the service starts: Fastify would check
 * the schemas that routes share again for each route, and most starts need few of them.
 */
export const serializersOnDemand: BuildSerializers = (shared, options) => {
  const compile = SerializerSelector()(shared, options)
  return route => {
    let serialize: ReturnType<typeof compile> | undefined
    return data => {
      serialize ??= compile(route)
      return serialize(data)
    }
  }
}
