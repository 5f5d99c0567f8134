/** Downloads a table that the page has made itself as CSV. */
import { useTexts } from '../language/language.tsx'
import { Button } from './button.tsx'
import { type Table, writeCsv } from './csv.ts'
import { saveFile } from './save-file.ts'
import { texts } from './texts.ts'

interface TableButtonProps {
  table: Table
  /** Names the table, for those who listen. */
  what: string
  /** Of the file. */
  name: string
}

export function TableButton({ table, what, name }: TableButtonProps) {
  const t = useTexts(texts)
  const download = () => saveFile(new Blob([writeCsv(table)], { type: 'text/csv' }), name)
  return (
    <Button onClick={download} aria-label={t.csvOf(what)}>
      {t.csv}
    </Button>
  )
}
