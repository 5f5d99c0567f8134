/** The e-mail of an alert: Spanish, as plain text and HTML. */
import { createHash } from 'node:crypto'
import { shortened } from '../cut-text.ts'
import type { Alert, AlertKind } from './alert.ts'

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

/** Characters as a reader counts them. */
const MAX_NAME = 100

const NOUNS: Record<AlertKind, string> = { plays: 'reproducciones', likes: 'me gusta', follows: 'seguidores' }

/** @param id the alert's id */
export function alertMail(id: string, alert: Alert & { recipient: string }): Mail {
  const name = oneLine(alert.artistName ?? '') || `Artista ${oneLine(alert.artistId)}`
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
    subject: `UnderSounds: ${name} supera ${listed(reached.map(({ noun }) => noun))}`,
    text: [intro, '', ...lines, '', closing, ''].join('\n'),
    html: `<!doctype html><html lang="es"><body><p>${escaped(intro)}</p><ul>${rows.join('')}</ul><p>${escaped(closing)}</p></body></html>`,
    date: new Date(alert.at),
    key: `alert.${createHash('sha256').update(`${id} ${alert.at}`).digest('hex').slice(0, 32)}`,
  }
}

/**
 * Bounded, and without what breaks a line or turns the direction of reading. All else stays as it is spelled, what nobody
 * sees too: joiners are spelling in Persian, and hold emoji and flags together.
 */
function oneLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  return shortened(line.trim(), MAX_NAME)
}

function listed(nouns: readonly string[]): string {
  const umbrales = nouns.length > 1 ? 'los umbrales' : 'el umbral'
  return `${umbrales} de ${new Intl.ListFormat('es').format(nouns)}`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
}
