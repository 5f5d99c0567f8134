/** Downloads what is shown as CSV: the same question, answered by the service as a table. */
import { useState } from 'react'
import { useTexts } from '../language/language.tsx'
import { addressOf, type Parameters, send } from '../requests/request.ts'
import { Button } from './button.tsx'
import { joinCsv } from './join-csv.ts'
import { saveFile } from './save-file.ts'
import { texts } from './texts.ts'

interface CsvButtonProps {
  path: string
  parameters?: Parameters
  /** Of each page, where what is shown are several: what they have beside `parameters`. */
  pages?: readonly Parameters[]
  /** Names the table, for those who listen. */
  what: string
}

export function CsvButton({ path, parameters = {}, pages = ONE_PAGE, what }: CsvButtonProps) {
  const t = useTexts(texts)
  const [failed, setFailed] = useState(false)
  // By a request of the page, for a link would not send the key.
  const download = async () => {
    try {
      const responses = await Promise.all(
        pages.map(page => send(addressOf(path, { ...parameters, ...page, format: 'csv' }))),
      )
      const tables = await Promise.all(responses.map(response => response.text()))
      const name = nameIn(responses[0]?.headers.get('content-disposition') ?? null)
      saveFile(new Blob([joinCsv(tables)], { type: 'text/csv' }), name)
      setFailed(false)
    } catch {
      setFailed(true)
    }
  }
  return (
    <>
      <Button onClick={() => void download()} aria-label={t.csvOf(what)}>
        {t.csv}
      </Button>
      {failed && <span role="alert">{t.csvFailed}</span>}
    </>
  )
}

const ONE_PAGE: readonly Parameters[] = [{}]

/** The file's name in the header `Content-Disposition`, as the service writes it. */
function nameIn(header: string | null): string {
  const name = /filename\*=UTF-8''([^;]+)/.exec(header ?? '')?.[1]
  return name === undefined ? 'table.csv' : decodeURIComponent(name)
}
