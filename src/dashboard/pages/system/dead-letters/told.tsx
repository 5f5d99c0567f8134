/** Tells what is being done with dead letters, and what became of them. */
import { useEffect, useRef } from 'react'
import type { ReplayReport } from '../../../../http/dead-letters.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Button } from '../../../parts/button.tsx'
import { Problem } from '../../../parts/problem.tsx'
import { texts as shared } from '../texts.ts'
import { texts } from './texts.ts'
import styles from './told.module.css'
import type { LetterActions } from './use-actions.ts'

/** Letters that failed again and are named. */
const MOST_NAMED = 5

export function Told({ actions }: { actions: LetterActions }) {
  const t = useTexts(texts)
  const { notDone } = useTexts(shared)
  const { number } = useFormats()
  const { data, error, isPending, variables, progress } = actions
  const region = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The button of a letter that has gone had the focus: without another place it would be lost.
    if (data && document.activeElement === document.body) region.current?.focus()
  }, [data])
  const done = progress.total > 1 ? t.progress(number(progress.done), number(progress.total)) : ''
  return (
    <>
      <div ref={region} role="status" tabIndex={-1} className={styles.told}>
        {isPending && <p>{`${t.working} ${done}`}</p>}
        {data && 'deleted' in data && <p>{t.deleted(data.deleted, number(data.deleted))}</p>}
        {data && 'replayed' in data && <Report report={data.replayed} />}
        {error && done !== '' && <p>{done}</p>}
      </div>
      {isPending && progress.total > 1 && <Button onClick={actions.stop}>{t.stop}</Button>}
      {error && <Problem error={error} title={notDone} onRetry={() => variables && actions.run(variables)} />}
    </>
  )
}

function Report({ report }: { report: ReplayReport }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const { replayed, accepted, duplicates, rejected, results } = report
  const failed = results.filter(({ status }) => status !== 'accepted' && status !== 'duplicate')
  return (
    <>
      <p>{t.replayed(replayed, [replayed, accepted, duplicates, rejected].map(number))}</p>
      <ul>
        {failed.slice(0, MOST_NAMED).map(({ id, code, message }) => (
          <li key={id}>
            <code>{id}</code> {message} {code !== undefined && <code>{code}</code>}
          </li>
        ))}
      </ul>
    </>
  )
}
