/** Sends an answer, or fails to as a fault says. */
import type { ServerResponse } from 'node:http'
import type { Answer } from './answers.ts'
import type { AnswerFault } from './faults.ts'
import { spoiled } from './spoil.ts'

export function send(response: ServerResponse, right: Answer, fault?: AnswerFault): void {
  const answer = spoiled(right, fault)
  switch (fault?.kind) {
    case 'hang':
      break
    case 'cut':
      cut(response, answer)
      break
    case 'delay':
      replyLate(response, answer, fault.ms)
      break
    case 'huge':
      replyWithoutLength(response, answer)
      break
    default:
      if (fault?.kind === 'status') response.setHeaders(new Map(Object.entries(fault.headers ?? {})))
      reply(response, answer)
  }
}

function reply(response: ServerResponse, answer: Answer): void {
  const text = textOf(answer)
  begin(response, answer, text)
  response.end(text)
}

function begin(response: ServerResponse, { status, type }: Answer, text: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
}

function textOf({ type, value }: Answer): string {
  return typeof value === 'string' && !type.includes('json') ? value : JSON.stringify(value)
}

function cut(response: ServerResponse, answer: Answer): void {
  const text = textOf(answer)
  begin(response, answer, text)
  response.write(text.slice(0, text.length / 2), () => response.destroy())
}

function replyLate(response: ServerResponse, answer: Answer, ms: number): void {
  const timer = setTimeout(() => reply(response, answer), ms)
  response.once('close', () => clearTimeout(timer))
}

function replyWithoutLength(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-type': answer.type })
  response.end(textOf(answer))
}
