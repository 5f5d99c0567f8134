/** A random secret that all instances of the service share: a document, which the first one that needs it creates. */
import { randomBytes } from 'node:crypto'
import { SECRETS } from './collections.ts'
import type { Documents } from './storage.ts'

export class SharedSecret {
  readonly #documents: Pick<Documents, 'add' | 'get'>
  readonly #name: string
  #value: string | undefined

  constructor(documents: Pick<Documents, 'add' | 'get'>, name: string) {
    this.#documents = documents
    this.#name = name
  }

  /** The secret, durable when it resolves; of several instances that create it at once, all get that of the first. @throws StoreUnavailable */
  async read(): Promise<string> {
    this.#value ??= (await this.#stored()) ?? (await this.#create())
    return this.#value
  }

  async #stored(): Promise<string | undefined> {
    return (await this.#documents.get(SECRETS, this.#name))?.value
  }

  async #create(): Promise<string> {
    const value = randomBytes(32).toString('base64url')
    const isFirst = await this.#documents.add(
      SECRETS,
      { id: this.#name, group: SECRETS, value },
      Number.POSITIVE_INFINITY,
    )
    return isFirst ? value : (await this.#stored())!
  }
}
