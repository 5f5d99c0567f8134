/** Apps whose routes take their types from TypeBox schemas, and schemas that the API document names. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'

/** The same app; its routes know the types of their schemas. */
export function typed(app: FastifyInstance) {
  return app.withTypeProvider<TypeBoxTypeProvider>()
}

/**
 * Refers to a schema by its name, the `$id`: the document says once what it is, and generated clients have a type of this
 * name. The app must have been given the schema (`addSchema`).
 */
export function named<T extends Type.TSchema>(schema: T) {
  const { $id } = schema as { $id?: string }
  if ($id === undefined) throw new Error('the schema has no name')
  return Type.Unsafe<Static<T>>(Type.Ref($id))
}

/** One of these words. The type is stated too, which generators of clients need. */
export function oneOf<const T extends string>(words: readonly T[], description?: string) {
  return Type.Unsafe<T>({ type: 'string', enum: words, ...(description ? { description } : {}) })
}
