/** What is wrong with a data file, for the operator: which file, which line (1 is the first; null: no one line), what. */
export class DataFileError extends Error {
  override name = 'DataFileError'
  readonly file: string
  readonly line: number | null

  constructor(file: string, line: number | null, fault: string) {
    super(`${file}${line === null ? '' : `, line ${line}`}: ${fault}`)
    this.file = file
    this.line = line
  }
}
