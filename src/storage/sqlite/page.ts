/**
 * A page: the cells of 64 keys in one time bucket, packed into one value.
 *
 * Cells are sorted by their address, a whole number below 2^30 made of slot (which of the 64 keys), field and minor
 * (the quarter of the day). A page holds, for each cell, the difference to the address before as a varint (LEB128),
 * followed in counter pages by the value as a zigzag varint. So a page is some three bytes a cell, is read
 * front to back without allocation, and merging changes into it is one pass.
 */

const SLOT_BITS = 6
export const KEYS_PER_PAGE = 2 ** SLOT_BITS
const FIELD_BITS = 17
export const FIELDS_PER_PAGE = 2 ** FIELD_BITS
const MINOR_BITS = 7
export const MINORS = 2 ** MINOR_BITS

/** The address of a cell inside its page. */
export function cellAddress(keyId: number, fieldId: number, minor: number): number {
  const slot = keyId & (KEYS_PER_PAGE - 1)
  const field = fieldId & (FIELDS_PER_PAGE - 1)
  return (slot << (FIELD_BITS + MINOR_BITS)) | (field << MINOR_BITS) | minor
}

export const slotOf = (address: number): number => address >>> (FIELD_BITS + MINOR_BITS)
export const fieldOf = (address: number): number => (address >>> MINOR_BITS) & (FIELDS_PER_PAGE - 1)
export const minorOf = (address: number): number => address & (MINORS - 1)

/** Reads a page cell by cell: `while (reader.next()) …`. */
export class PageReader {
  address = 0
  value = 1
  #bytes: Uint8Array
  #valued: boolean
  #offset = 0

  constructor(bytes: Uint8Array, valued: boolean) {
    this.#bytes = bytes
    this.#valued = valued
  }

  /** Moves to the next cell; false at the end. */
  next(): boolean {
    const bytes = this.#bytes
    if (this.#offset >= bytes.length) return false
    // Nearly all differences and values are one byte long.
    let number = bytes[this.#offset++] as number
    this.address += number < 128 ? number : this.#longVarint(number)
    if (this.#valued) {
      number = bytes[this.#offset++] as number
      const zigzag = number < 128 ? number : this.#longVarint(number)
      this.value = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
    }
    return true
  }

  #longVarint(first: number): number {
    let result = first & 127
    let scale = 128
    let byte: number
    do {
      byte = this.#bytes[this.#offset++] as number
      result += (byte & 127) * scale
      scale *= 128
    } while (byte >= 128)
    return result
  }
}

/** Writes pages into one buffer that is used again and again. */
class PageWriter {
  #bytes = new Uint8Array(65_536)
  #offset = 0
  #address = 0

  write(address: number, value: number, valued: boolean): void {
    if (this.#offset + 20 > this.#bytes.length) this.#grow()
    this.#varint(address - this.#address)
    this.#address = address
    if (valued) this.#varint(value >= 0 ? value * 2 : -value * 2 - 1)
  }

  /** The bytes written since the last call, copied. */
  take(): Uint8Array {
    const page = this.#bytes.slice(0, this.#offset)
    this.#offset = 0
    this.#address = 0
    return page
  }

  #varint(value: number): void {
    while (value >= 128) {
      this.#bytes[this.#offset++] = (value % 128) | 128
      value = Math.floor(value / 128)
    }
    this.#bytes[this.#offset++] = value
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

const writer = new PageWriter()

/** Changes to cells of one page in columns, sorted by address; an address may occur more than once. */
export interface PageChanges {
  readonly addresses: Uint32Array
  readonly values: Float64Array
}

/**
 * The page with the changes merged in; empty where no cell is left. `maxima` are the fields that keep the greatest
 * value, the others add up, and one that comes to 0 leaves.
 */
export function mergePage(
  page: Uint8Array,
  { addresses, values }: PageChanges,
  valued: boolean,
  maxima: ReadonlySet<number>,
): Uint8Array {
  const reader = new PageReader(page, valued)
  let more = reader.next()
  for (let i = 0; i < addresses.length; ) {
    const address = addresses[i] as number
    const isMaximum = valued && maxima.has(fieldOf(address))
    let value = values[i++] as number
    for (; addresses[i] === address; i++) value = combine(value, values[i] as number, valued, isMaximum)
    while (more && reader.address < address) {
      writer.write(reader.address, reader.value, valued)
      more = reader.next()
    }
    if (more && reader.address === address) {
      value = combine(reader.value, value, valued, isMaximum)
      more = reader.next()
    }
    if (value !== 0 || isMaximum) writer.write(address, value, valued)
  }
  while (more) {
    writer.write(reader.address, reader.value, valued)
    more = reader.next()
  }
  return writer.take()
}

function combine(a: number, b: number, valued: boolean, isMaximum: boolean): number {
  return !valued ? 1 : isMaximum ? Math.max(a, b) : a + b
}
