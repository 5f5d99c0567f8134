/** Finds artists, albums and tracks by name or id. */
import { Autocomplete } from '@base-ui/react/autocomplete'
import { useState } from 'react'
import type { SearchResult } from '../../../http/search.ts'
import type { Linked } from '../../address/paths.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Cover } from '../../parts/cover.tsx'
import { useAnswer } from '../../requests/queries.ts'
import { Dialog } from '../dialog.tsx'
import { texts } from '../texts.ts'
import styles from './search-dialog.module.css'

const MOST = 12

type Row = SearchResult['items'][number]

interface SearchDialogProps {
  onChoose: (kind: Linked, id: string) => void
  onClose: () => void
}

export default function SearchDialog({ onChoose, onClose }: SearchDialogProps) {
  const t = useTexts(texts)
  const [text, setText] = useState('')
  const query = text.trim()
  const answer = useAnswer<SearchResult>('/api/stats/search', { q: query, limit: MOST }, { enabled: query !== '' })
  const items = query === '' ? [] : (answer.data?.items ?? [])
  const choose = (row: Row) => {
    onClose()
    onChoose(row.type, row.type === 'artist' ? (row.entityId ?? row.id) : row.id)
  }
  const status = () => {
    if (query === '') return t.searchHint
    if (answer.error) return t.searchFailed
    if (answer.isPending || answer.isPlaceholderData) return '…'
    if (items.length === 0) return t.nothingFound(query)
    return answer.data.complete ? '' : t.incomplete
  }
  return (
    <Dialog title={t.search} onClose={onClose}>
      <Autocomplete.Root
        items={items}
        value={text}
        onValueChange={(value, { reason }) => reason !== 'item-press' && setText(value)}
        itemToStringValue={nameOf}
        filter={null}
        open
        inline
        autoHighlight="always"
      >
        <Autocomplete.Input
          className={styles.input}
          placeholder={t.searchFor}
          aria-label={t.searchFor}
          maxLength={200}
        />
        <Autocomplete.Status className={styles.status}>{status()}</Autocomplete.Status>
        <Autocomplete.List className={styles.list}>
          {(row: Row) => (
            <Autocomplete.Item
              key={`${row.type} ${row.id}`}
              value={row}
              className={styles.item}
              onClick={() => choose(row)}
            >
              <Found row={row} />
            </Autocomplete.Item>
          )}
        </Autocomplete.List>
      </Autocomplete.Root>
    </Dialog>
  )
}

function Found({ row }: { row: Row }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const name = nameOf(row)
  return (
    <>
      <Cover src={row.coverImage ?? row.profileImage} name={name} size={36} round={row.type === 'artist'} />
      <span className={styles.name}>
        <span>{name}</span>
        <span className={styles.note}>
          {[t.kinds[row.type], row.artistName, t.playsOfAllTime(number(row.plays))].filter(Boolean).join(' · ')}
        </span>
      </span>
    </>
  )
}

function nameOf(row: Row): string {
  return row.title ?? row.name ?? row.id
}
