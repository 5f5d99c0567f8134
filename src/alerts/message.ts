/** The e-mail of an alert: Spanish, as plain text and HTML. */
import { createHash } from 'node:crypto'
import type { Alert, AlertKind } from './alert.ts'
import { idInMail, nameInMail } from './mail-name.ts'

export interface Mail {
  /** One address, in ASCII. */
  recipient: string
  subject: string
  text: string
  html: string
  date: Date
  /** The same for every attempt at one alert and for no other alert: the left part of the Message-ID. */
  key: string
}

const NOUNS: Record<AlertKind, string> = { plays: 'reproducciones', likes: 'me gusta', follows: 'seguidores' }

/** Programs that show mails make links of numbers and dates too. */
const NO_LINKS = '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">'

/**
 * The subject has the name that the catalogue has, or none: an id may be any text that somebody has sent.
 * @param id the alert's id
 */
export function alertMail(id: string, alert: Alert & { recipient: string }): Mail {
  const known = nameInMail(alert.artistName ?? '')
  const name = known || `Artista ${idInMail(alert.artistId)}`.trim()
  const window = `los últimos ${alert.windowMinutes} minutos`
  const time = `${new Date(alert.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const reached = alert.triggers.map(({ kind, count, threshold }) => ({
    noun: NOUNS[kind],
    figures: `${count} (umbral: ${threshold})`,
  }))
  const intro = `${name} ha alcanzado en ${window}:`
  const closing = `Medido el ${time}. Mensaje automático de UnderSounds.`
  const lines = reached.map(({ noun, figures }) => `- ${noun}: ${figures}`)
  const rows = reached.map(({ noun, figures }) => `<li>${escaped(noun)}: <strong>${escaped(figures)}</strong></li>`)
  return {
    recipient: alert.recipient,
    subject: `UnderSounds: ${known || 'un artista'} supera ${listed(reached.map(({ noun }) => noun))}`,
    text: [intro, '', ...lines, '', closing, ''].join('\n'),
    html: `<!doctype html><html lang="es"><head>${NO_LINKS}</head><body><p>${escaped(intro)}</p><ul>${rows.join('')}</ul><p>${escaped(closing)}</p></body></html>`,
    date: new Date(alert.at),
    key: `alert.${createHash('sha256').update(`${id} ${alert.at}`).digest('hex').slice(0, 32)}`,
  }
}

function listed(nouns: readonly string[]): string {
  const umbrales = nouns.length > 1 ? 'los umbrales' : 'el umbral'
  return `${umbrales} de ${new Intl.ListFormat('es').format(nouns)}`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
}
