/** The dictionary against a plain map of texts and numbers. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { FiguresDamaged } from '../figures.ts'
import { Dictionary, type Numbered, writable } from './dictionary.ts'

const root = mkdtempSync(join(tmpdir(), 'dictionary-'))
after(() => rmSync(root, { recursive: true }))
let files = 0

/** A file in a folder of its own. */
function newFile(): string {
  const folder = join(root, `${++files}`)
  mkdirSync(folder)
  return join(folder, 'strings.db')
}

/** The file and its write-ahead log as they are while the dictionary is open: what a killed process leaves. */
function copyOf(file: string): string {
  const copy = newFile()
  cpSync(join(file, '..'), join(copy, '..'), { recursive: true })
  return copy
}

/** What two texts have in common that are one text to the dictionary. */
const kept = (text: string): string =>
  Array.from(text, character => (/[\ud800-\udfff\0]/u.test(character) ? '\ufffd' : character)).join('')

/** Gives new texts the next numbers, and has these for good when they are committed. */
class NaiveDictionary {
  readonly committed: string[] = []
  #added: string[] = []

  add(texts: Iterable<string>): void {
    for (const text of texts) if (!this.#all.includes(text)) this.#added.push(text)
  }

  commit(): Numbered[] {
    const first = this.committed.length + 1
    const numbered = this.#added.map((text, i) => ({ id: first + i, text }))
    this.committed.push(...this.#added)
    this.#added = []
    return numbered
  }

  /** What a killed process had not committed is lost. */
  kill(): void {
    this.#added = []
  }

  idOf(text: string): number | undefined {
    return this.#all.indexOf(text) + 1 || undefined
  }

  get #all(): string[] {
    return [...this.committed, ...this.#added]
  }
}

const text = fc.oneof(
  fc.nat({ max: 60 }).map(n => `artist:${n}`),
  fc.constantFrom('', '4', '04', '4 ', "'", '"', '\0', 'a\0', '\ufffd', '\ufeff', '\ufeff4', '\ufeff\ufeff4', 'none'),
  fc.constantFrom('É', 'E\u0301', 'é', '🎵', '\ud83c', '\udfb5', '\udfb5\ud83c', 'a\ud800b', '\ud800\udc00', '\uffff'),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)), maxLength: 4 }),
)
const texts = fc.array(text, { maxLength: 40 })
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ add: texts }) },
  { weight: 2, arbitrary: fc.constant('commit' as const) },
  fc.constantFrom('tidy' as const, 'reopen' as const, 'kill' as const),
)

function agrees(dictionary: Dictionary, naive: NaiveDictionary): void {
  const numbered = naive.committed.map((text, i) => ({ id: i + 1, text }))
  assert.deepEqual(dictionary.after(0).map(plain), numbered)
  const half = Math.floor(numbered.length / 2)
  assert.deepEqual(dictionary.after(half).map(plain), numbered.slice(half))
  assert.deepEqual([...dictionary.all()].map(plain).sort(byId), numbered)
  for (const { id, text } of numbered) assert.equal(dictionary.idOf(text), id)
}

const plain = ({ id, text }: Numbered): Numbered => ({ id, text })
const byId = (a: Numbered, b: Numbered): number => a.id - b.id

test('numbers texts as a map does, whatever is added, committed, reopened and killed when', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), texts, async (steps, others) => {
    let file = newFile()
    let dictionary = Dictionary.open(file)
    const { token } = dictionary
    const naive = new NaiveDictionary()
    for (const step of steps) {
      if (step === 'commit') assert.deepEqual(await dictionary.commit(), naive.commit())
      else if (step === 'tidy') dictionary.tidy()
      else if (step === 'reopen' || step === 'kill') {
        if (step === 'kill') file = copyOf(file)
        dictionary.close()
        dictionary = Dictionary.open(file)
        naive.kill()
        agrees(dictionary, naive)
      } else {
        dictionary.add(new Set(step.add.map(writable)))
        naive.add(step.add.map(kept))
        for (const text of step.add) {
          assert.equal(dictionary.known(writable(text)), naive.idOf(kept(text)))
          assert.equal(dictionary.idOf(text), naive.idOf(kept(text)))
        }
      }
    }
    for (const text of others) assert.equal(dictionary.idOf(text), naive.idOf(kept(text)))
    assert.deepEqual(await dictionary.commit(), naive.commit())
    agrees(dictionary, naive)
    assert.equal(dictionary.token, token)
    dictionary.close()
  })
  await fc.assert(property, { numRuns: 60 })
})

test('has the texts of its first commits, and gives the next numbers, where the end of its write-ahead log is lost', async () => {
  const batches = fc.array(fc.array(text, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 6 })
  const part = fc.double({ min: 0, max: 1, noNaN: true })
  const property = fc.asyncProperty(batches, part, texts, async (batches, part, next) => {
    const file = newFile()
    // The tables are in the file itself, the texts in the log.
    Dictionary.open(file).close()
    const dictionary = Dictionary.open(file)
    const naive = new NaiveDictionary()
    const ends = new Set([0])
    for (const batch of batches) {
      dictionary.add(new Set(batch.map(writable)))
      await dictionary.commit()
      naive.add(batch.map(kept))
      naive.commit()
      ends.add(naive.committed.length)
    }
    const copy = copyOf(file)
    dictionary.close()
    truncateSync(`${copy}-wal`, Math.floor(statSync(`${copy}-wal`).size * part))

    const cut = Dictionary.open(copy)
    naive.committed.length = cut.after(0).length
    assert.ok(ends.has(naive.committed.length))
    agrees(cut, naive)
    cut.add(new Set(next.map(writable)))
    naive.add(next.map(kept))
    assert.deepEqual(await cut.commit(), naive.commit())
    agrees(cut, naive)
    cut.close()
  })
  await fc.assert(property, { numRuns: 40 })
})

test('gives no number for good where a commit fails, and gives the same numbers afterwards', async () => {
  const file = newFile()
  const dictionary = Dictionary.open(file)
  dictionary.add(new Set(['a']))
  await dictionary.commit()
  using other = new DatabaseSync(file)
  other.exec(`CREATE TRIGGER refusal BEFORE UPDATE ON counter BEGIN SELECT RAISE(ABORT, 'refused'); END`)
  dictionary.add(new Set(['b', 'c']))
  await assert.rejects(dictionary.commit(), FiguresDamaged)
  assert.deepEqual([dictionary.idOf('a'), dictionary.idOf('b'), dictionary.known('c')], [1, undefined, undefined])
  other.exec('DROP TRIGGER refusal')
  dictionary.add(new Set(['c']))
  assert.deepEqual(await dictionary.commit(), [{ id: 2, text: 'c' }])
  dictionary.close()
})

test('leaves out numbers in a copy, and none in the original', async () => {
  const dictionary = Dictionary.open(newFile())
  dictionary.add(new Set(['a', '\ufeffa']))
  await dictionary.commit()
  const copies = [newFile(), newFile()]
  await dictionary.copyTo(copies[0]!)
  await dictionary.copyTo(copies[1]!, 1_000)
  const opened = [dictionary, ...copies.map(file => Dictionary.open(file))]
  const ids = opened.map(each => {
    each.add(new Set(['\ufeffa', 'b']))
    return [each.idOf('\ufeffa'), each.idOf('b'), each.token === dictionary.token]
  })
  assert.deepEqual(ids, [
    [2, 3, true],
    [2, 3, true],
    [2, 1_003, true],
  ])
  for (const each of opened) each.close()
})
