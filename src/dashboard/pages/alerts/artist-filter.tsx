/** Asks for the artist whose alerts are to be shown; the address keeps it. */
import { type FormEvent, useState } from 'react'
import { useParameters } from '../../address/parameters.ts'
import { useTexts } from '../../language/language.tsx'
import { Button } from '../../parts/button.tsx'
import styles from './artist-filter.module.css'
import { texts } from './texts.ts'

export function ArtistFilter() {
  const t = useTexts(texts)
  const { parameters, change } = useParameters()
  const shown = parameters.get('artist') ?? ''
  const [artist, setArtist] = useState(shown)
  const show = (id: string) => change({ artist: id.trim() || null, cursor: null })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    show(artist)
  }
  return (
    <form className={styles.filter} onSubmit={submit}>
      <input
        type="search"
        aria-label={t.artistId}
        placeholder={t.artistId}
        maxLength={1000}
        value={artist}
        onChange={event => setArtist(event.target.value)}
      />
      <Button type="submit">{t.filter}</Button>
      {shown !== '' && <Button onClick={() => show('')}>{t.allArtists}</Button>}
    </form>
  )
}
