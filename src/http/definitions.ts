/** `GET /api/stats/definitions`: what each figure means. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { UNITS } from '../definitions/definition.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { problemResponses } from './problem.ts'
import { formatParameter, isCsvAsked, sendCsv, tableResponse } from './statistic-answer.ts'

const Texts = Type.Object(
  { es: Type.String(), en: Type.String() },
  { $id: 'Texts', description: 'The same in Spanish and in English.' },
)

const Definition = Type.Object(
  {
    figure: Type.String({ description: 'The field of the answers.' }),
    name: named(Texts),
    unit: oneOf(UNITS),
    rule: Type.Unsafe<Type.Static<typeof Texts>>({
      ...named(Texts),
      description: 'How it is counted, in one sentence.',
    }),
    excluded: Type.Array(named(Texts), { description: 'What is not counted.' }),
    setting: Type.Union([Type.Object({ name: Type.String(), value: Type.String() }), Type.Null()], {
      description: 'The setting that changes the rule, and its value.',
    }),
  },
  { $id: 'Definition', description: 'What a figure means.' },
)

const Definitions = Type.Object(
  {
    version: Type.String({ description: 'Changes with any definition, and with any setting that one names.' }),
    items: Type.Array(named(Definition)),
  },
  { $id: 'Definitions', description: 'What all figures mean.' },
)

const schema = {
  operationId: 'getDefinitions',
  summary: 'What each figure means',
  description:
    'The rule beside the number: answers of statistics name the version of the definitions that they follow.',
  tags: ['Statistics'],
  querystring: Type.Object(formatParameter),
  response: { 200: tableResponse(named(Definitions), 'As CSV, one row a figure.'), ...problemResponses(400, 429) },
}

const COLUMNS = [
  'figure',
  'unit',
  'nameEs',
  'nameEn',
  'ruleEs',
  'ruleEn',
  'excludedEs',
  'excludedEn',
  'setting',
  'value',
]

export type Definitions = Static<typeof Definitions>

export function definitionRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Texts, Definition, Definitions]) app.addSchema(each)
  typed(app).get('/api/stats/definitions', { schema }, async (request, reply) => {
    const { version, items } = services.definitions
    if (!isCsvAsked(request))
      return { version, items: [...items].map(item => ({ ...item, excluded: [...item.excluded] })) }
    const rows = items.map(({ figure, unit, name, rule, excluded, setting }) => ({
      figure,
      unit,
      nameEs: name.es,
      nameEn: name.en,
      ruleEs: rule.es,
      ruleEn: rule.en,
      excludedEs: excluded.map(({ es }) => es).join(' '),
      excludedEn: excluded.map(({ en }) => en).join(' '),
      setting: setting?.name,
      value: setting?.value,
    }))
    return sendCsv(
      request,
      reply,
      { fileName: 'definitions', columns: COLUMNS, rows },
      { definitions: version, nextCursor: null },
    )
  })
}
