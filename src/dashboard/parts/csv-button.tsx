/** Downloads what is shown as CSV: the same question, answered by the service as a table. */
import { useState } from 'react'
import { useTexts } from '../language/language.tsx'
import { addressOf, type Parameters, send } from '../requests/request.ts'
import { Button } from './button.tsx'
import { saveFile } from './save-file.ts'
import { texts } from './texts.ts'

/** `what` names the table, for those who listen. */
export function CsvButton({ path, parameters = {}, what }: { path: string; parameters?: Parameters; what: string }) {
  const t = useTexts(texts)
  const [failed, setFailed] = useState(false)
  // By a request of the page, for a link would not send the key.
  const download = async () => {
    try {
      const response = await send(addressOf(path, { ...parameters, format: 'csv' }))
      saveFile(await response.blob(), nameIn(response.headers.get('content-disposition')))
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

/** The file's name in the header `Content-Disposition`, as the service writes it. */
function nameIn(header: string | null): string {
  const name = /filename\*=UTF-8''([^;]+)/.exec(header ?? '')?.[1]
  return name === undefined ? 'table.csv' : decodeURIComponent(name)
}
