/** Answers of statistics: as JSON with the version of the definitions, or as CSV. */
import { stringify } from 'csv-stringify/sync'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { OneOf } from './parameters.ts'

export const formatParameter = {
  format: OneOf(['json', 'csv'], 'What the answer is written in; else `Accept: text/csv` asks for CSV.'),
}

/** The property of an answer that says which version of the definitions its figures follow. */
export const definitionsProperty = {
  definitions: Type.String({ description: 'The version of `/api/stats/definitions` that the figures follow.' }),
}

const VERSION_HEADER = 'definitions-version'

const CSV_HEADERS = {
  [VERSION_HEADER]: { type: 'string', description: 'The version of `/api/stats/definitions`.' },
} as const

/** The response of a statistic whose answer may be a table, for the API document. */
export function tableResponse<T extends Type.TSchema>(schema: T, description: string) {
  const csv = Type.String({ description: 'RFC 4180 in UTF-8 with a byte order mark and a header.' })
  return {
    description,
    headers: CSV_HEADERS,
    content: { 'application/json': { schema }, 'text/csv': { schema: csv } },
  }
}

/** The part of an answer that is a table. */
export interface Table {
  /** Without its extension. */
  fileName: string
  /** The fields of the rows that are shown, in their order. */
  columns: readonly string[]
  rows: readonly object[]
}

/** Sends an answer as the client asks for it: as JSON with the version of the definitions, or its table as CSV. */
export function sendStatistic<T extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: T & { nextCursor?: string | null },
  { table, definitions }: { table: () => Table; definitions: string },
): (T & { definitions: string }) | FastifyReply {
  if (!isCsvAsked(request)) return withDefinitions(reply, answer, definitions)
  return sendCsv(request, reply, table(), { definitions, nextCursor: answer.nextCursor ?? null })
}

/** Whether the client asks for CSV: by `format`, else by the header `Accept`. */
export function isCsvAsked({ query, headers }: FastifyRequest): boolean {
  const { format } = query as { format?: string }
  return format === undefined ? /\btext\/csv\b/i.test(headers.accept ?? '') : format === 'csv'
}

/** An answer with the version of the definitions: a list without an object around it has it in a header alone. */
function withDefinitions<T>(reply: FastifyReply, answer: T, definitions: string): T & { definitions: string } {
  reply.header(VERSION_HEADER, definitions)
  return (Array.isArray(answer) ? answer : { ...answer, definitions }) as T & { definitions: string }
}

/**
 * Sends a table as CSV (RFC 4180) that spreadsheets open: in UTF-8 with a byte order mark, and with an apostrophe before a
 * text that would be a formula. A list or an object in a cell is JSON. The next page, where there is one, is in the header `Link`.
 */
export function sendCsv(
  request: FastifyRequest,
  reply: FastifyReply,
  { fileName, columns, rows }: Table,
  { definitions, nextCursor }: { definitions: string; nextCursor: string | null },
): FastifyReply {
  if (nextCursor !== null) reply.header('link', `<${nextPage(request, nextCursor)}>; rel="next"`)
  const csv = stringify(rows as object[], {
    columns: [...columns],
    header: true,
    bom: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: String },
  })
  return reply
    .headers({
      [VERSION_HEADER]: definitions,
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}.csv`,
    })
    .serializer((text: string) => text)
    .send(csv)
}

/** The address of the request with another cursor, relative to the host. */
function nextPage({ url }: FastifyRequest, cursor: string): string {
  const [path, query] = url.split('?', 2)
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}
