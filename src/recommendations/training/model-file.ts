/** The file of the models of one training: `ArrayFileWriter` says how it gets its place, and how damage is noticed. */
import type { ItemKind } from '../item-kind.ts'
import type { KindInfo, Model, ModelInfo, ModelSet } from '../model/model.ts'
import { ArrayFileDamaged, ArrayFileReader, ArrayFileWriter } from './array-file.ts'

/** To be increased when a model gets other arrays, or they mean something else. Models are then trained anew. */
const MODEL_FORMAT = 1
/** Texts written as one piece, so that reading them holds up nobody. */
const TEXTS = 1_000
const VERSION_DIGITS = 16

interface About {
  format: number
  info: ModelInfo
}

/** Takes the models one by one, so that those that are written need no memory any more. */
export class ModelFileWriter {
  readonly #file: ArrayFileWriter
  readonly #kinds: KindInfo[] = []

  private constructor(file: ArrayFileWriter) {
    this.#file = file
  }

  static async create(path: string): Promise<ModelFileWriter> {
    return new ModelFileWriter(await ArrayFileWriter.create(path))
  }

  async add(model: Model, from: Pick<KindInfo, 'listeners' | 'pairs'>): Promise<void> {
    const { kind, ids, artists, dimensions, neighbours, genres } = model
    this.#kinds.push({ kind, items: ids.length, dimensions, ...from })
    const write = (name: string, values: Parameters<ArrayFileWriter['append']>[1]) =>
      this.#file.append(`${kind} ${name}`, values)
    const writeTexts = async (name: string, texts: readonly string[]) => {
      for (let i = 0; i < texts.length; i += TEXTS) await write(name, texts.slice(i, i + TEXTS))
    }
    await writeTexts('ids', ids)
    await writeTexts(
      'artists',
      artists.map(artist => artist ?? ''),
    )
    await writeTexts('genre names', genres.names)
    await write('factors', model.factors)
    await write('gram', model.gram)
    for (const [name, rows] of [['neighbour', neighbours] as const, ['genre', genres.items] as const]) {
      await write(`${name} starts`, rows.starts)
      await write(`${name} columns`, rows.columns)
      await write(`${name} values`, rows.values)
    }
    await write('popularity', model.popularity)
    await write('listeners', model.listeners)
    await write('is most played', model.isMostPlayed)
  }

  async finish(about: Omit<ModelInfo, 'version' | 'kinds'>): Promise<ModelInfo> {
    const version = this.#file.contentSha256.slice(0, VERSION_DIGITS)
    const info: ModelInfo = { version, ...about, kinds: this.#kinds }
    await this.#file.finish({ format: MODEL_FORMAT, info } satisfies About)
    return info
  }

  discard(): Promise<void> {
    return this.#file.discard()
  }
}

/** @throws ArrayFileDamaged, also where another version of the service wrote it; NodeJS.ErrnoException */
export async function readModels(path: string): Promise<ModelSet> {
  const file = await ArrayFileReader.open(path)
  try {
    const { format, info } = file.about as About
    if (format !== MODEL_FORMAT) throw new ArrayFileDamaged('it was made by another version of the service')
    const models = new Map<ItemKind, Model>()
    for (const about of info.kinds) models.set(about.kind, await readModel(file, about))
    return { info, models }
  } finally {
    await file.close()
  }
}

async function readModel(file: ArrayFileReader, { kind, dimensions }: KindInfo): Promise<Model> {
  const rows = async (name: string) => ({
    starts: await file.numbers(`${kind} ${name} starts`, 'Int32Array'),
    columns: await file.numbers(`${kind} ${name} columns`, 'Int32Array'),
    values: await file.numbers(`${kind} ${name} values`, 'Float32Array'),
  })
  return {
    kind,
    dimensions,
    ids: await file.texts(`${kind} ids`),
    artists: (await file.texts(`${kind} artists`)).map(artist => artist || null),
    factors: await file.numbers(`${kind} factors`, 'Float32Array'),
    gram: await file.numbers(`${kind} gram`, 'Float64Array'),
    neighbours: await rows('neighbour'),
    genres: { names: await file.texts(`${kind} genre names`), items: await rows('genre') },
    popularity: await file.numbers(`${kind} popularity`, 'Float32Array'),
    listeners: await file.numbers(`${kind} listeners`, 'Int32Array'),
    isMostPlayed: await file.numbers(`${kind} is most played`, 'Uint8Array'),
  }
}
