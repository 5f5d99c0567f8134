/** What the cache of rankings and of the catalogue holds, and forgetting it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { CacheInfo } from '../../../../http/cache.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Button } from '../../../parts/button.tsx'
import { Card } from '../../../parts/card.tsx'
import { Problem } from '../../../parts/problem.tsx'
import { useAnswer } from '../../../requests/queries.ts'
import { change } from '../../../requests/request.ts'
import { Facts } from '../facts.tsx'
import { texts as shared } from '../texts.ts'
import { Waiting } from '../waiting.tsx'
import styles from './cache.module.css'
import { texts } from './texts.ts'

const Question = lazy(() => import('../question.tsx'))

const PATH = '/api/stats/cache/info'

export function Cache() {
  const t = useTexts(texts)
  const { notDone } = useTexts(shared)
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const clear = useMutation({
    mutationFn: () => change('POST', '/api/stats/cache/clear'),
    onSuccess: () => queries.invalidateQueries({ queryKey: [PATH] }),
  })
  return (
    <Card title={t.cache} note={t.note} actions={<Button onClick={() => setAsking(true)}>{t.clear}</Button>}>
      <Answer query={useAnswer<CacheInfo>(PATH)} skeleton={<Waiting wide="6.35rem" narrow="11.2rem" />}>
        {info => <Info info={info} />}
      </Answer>
      <p role="status" className={styles.told}>
        {clear.isSuccess && t.cleared}
      </p>
      {clear.error && <Problem error={clear.error} title={notDone} onRetry={clear.mutate} />}
      <Suspense>
        {isAsking && (
          <Question
            title={t.question}
            note={t.questionNote}
            yes={t.clear}
            onYes={clear.mutate}
            onClose={() => setAsking(false)}
          />
        )}
      </Suspense>
    </Card>
  )
}

function Info({ info }: { info: CacheInfo }) {
  const t = useTexts(texts)
  const { minutes } = useTexts(shared)
  const { number, percent } = useFormats()
  const asked = info.hits + info.misses
  const facts = [
    { name: t.entries, value: number(info.current_size), note: t.most(number(info.max_size)) },
    { name: t.hits, value: asked === 0 ? '–' : percent(info.hits / asked), note: t.asked(number(asked)) },
    { name: t.age, value: minutes(number(info.ttl_seconds / 60)), note: t.ageNote },
  ]
  return (
    <>
      <Facts facts={facts} />
      {info.keys.length > 0 && (
        <details className={styles.keys}>
          <summary>{t.keys(number(info.keys.length))}</summary>
          <ul>
            {info.keys.map(key => (
              <li key={key}>
                <code>{key}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
