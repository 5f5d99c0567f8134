/**
 * The models that several instances share: the file of the one that trained, in parts that are documents. A head names the
 * parts, and is written when all of them are; so whoever reads it finds a whole file, or one that newer models have replaced.
 */
import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createAnew, makeFolder, sync } from '../../files.ts'
import { RECOMMENDATION_MODELS } from '../../storage/collections.ts'
import type { Documents } from '../../storage/storage.ts'
import { ArrayFileReader, sha256In } from './array-file.ts'
import { evaluationFile, modelFile } from './training-files.ts'

const HEAD = 'head'
/** As a text of base64 it is a third longer; MongoDB takes documents of 16 MB. */
const PART_BYTES = 2 ** 20

interface Head {
  /** Of the file, and the group of its parts. */
  sha256: string
  parts: number
  /** The file of the last evaluation; null where there is none. */
  evaluation: string | null
}

export class SharedModels {
  readonly #documents: Documents
  /** Where this instance has its models, and their evaluation. */
  readonly #path: string
  readonly #evaluation: string

  constructor(documents: Documents, folder: string) {
    this.#documents = documents
    this.#path = modelFile(folder)
    this.#evaluation = evaluationFile(folder)
  }

  /** Gives the other instances the models that this one has, and their evaluation. @throws StoreUnavailable; NodeJS.ErrnoException */
  async publish(): Promise<void> {
    const sha256 = await sha256In(this.#path)
    const head = await this.#head()
    const parts = head?.sha256 === sha256 ? head.parts : await this.#publishParts(sha256)
    const evaluation = await textIn(this.#evaluation)
    await this.#put({ id: HEAD, group: HEAD, value: JSON.stringify({ sha256, parts, evaluation } satisfies Head) })
    await this.#removeOthers(sha256)
  }

  /**
   * Takes the models that were published last where this instance has others; says whether it did. `isWanted` is asked last of
   * all, before they take the place of what is there. null: none were ever published.
   * @throws ArrayFileDamaged; StoreUnavailable; NodeJS.ErrnoException
   */
  async takeLatest(isWanted: () => boolean): Promise<boolean | null> {
    const head = await this.#head()
    if (!head) return null
    await this.#takeEvaluation(head, isWanted)
    if (head.sha256 === (await sha256In(this.#path).catch(() => ''))) return false
    const fetched = `${this.#path}.fetched`
    try {
      const isWhole = await this.#fetch(head, fetched)
      if (!isWhole || !isWanted()) return false
      await rename(fetched, this.#path)
      sync(dirname(this.#path))
      return true
    } finally {
      await rm(fetched, { force: true })
    }
  }

  async #head(): Promise<Head | null> {
    const document = await this.#documents.get(RECOMMENDATION_MODELS, HEAD)
    return document && (JSON.parse(document.value) as Head)
  }

  /** Returns how many parts there are. */
  async #publishParts(sha256: string): Promise<number> {
    const file = await open(this.#path)
    let parts = 0
    try {
      for await (const part of partsOf(file)) {
        await this.#put({ id: partId(sha256, parts++), group: sha256, value: part.toString('base64') })
      }
    } finally {
      await file.close()
    }
    return parts
  }

  async #takeEvaluation({ evaluation }: Head, isWanted: () => boolean): Promise<void> {
    if (evaluation === null || evaluation === (await textIn(this.#evaluation)) || !isWanted()) return
    makeFolder(dirname(this.#evaluation))
    await writeFile(`${this.#evaluation}.fetched`, evaluation)
    await rename(`${this.#evaluation}.fetched`, this.#evaluation)
  }

  /** Says whether all parts were there: newer models remove them. */
  async #fetch({ sha256, parts }: Head, path: string): Promise<boolean> {
    makeFolder(dirname(path))
    const file = await createAnew(path)
    try {
      for (let i = 0; i < parts; i++) {
        const part = await this.#documents.get(RECOMMENDATION_MODELS, partId(sha256, i))
        if (!part) return false
        await file.appendFile(Buffer.from(part.value, 'base64'))
      }
      await file.sync()
    } finally {
      await file.close()
    }
    const whole = await ArrayFileReader.open(path)
    await whole.close()
    return whole.sha256 === sha256
  }

  /** Removes what no head names any more, such as the parts of one who was killed before the head was written. */
  async #removeOthers(sha256: string): Promise<void> {
    const groups = await this.#documents.counts(RECOMMENDATION_MODELS)
    for (const group of groups.keys()) {
      if (group !== HEAD && group !== sha256) await this.#documents.remove(RECOMMENDATION_MODELS, { group })
    }
  }

  async #put(document: Parameters<Documents['put']>[1][number]): Promise<void> {
    await this.#documents.put(RECOMMENDATION_MODELS, [document], Number.POSITIVE_INFINITY)
  }
}

/** null where there is no such file. */
const textIn = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null)

const partId = (sha256: string, i: number): string => `${sha256}:${i}`

async function* partsOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PART_BYTES), 0, PART_BYTES)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}
