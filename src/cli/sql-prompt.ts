/** `sql`: a prompt for SQL statements. */
import { createInterface } from 'node:readline'
import { text as readText } from 'node:stream/consumers'
import { VIEWS } from '../storage/duckdb/views.ts'
import { answerText } from './answer-text.ts'
import { StatementFailed, type Statements } from './statements.ts'

const FIRST = 'sql> '
const FURTHER = '...> '

/** Runs the statements of a text up to the first that fails; false where one did. */
export async function runText(statements: Statements, text: string): Promise<boolean> {
  try {
    for await (const answer of statements.run(text)) console.log(answerText(answer))
    return true
  } catch (error) {
    if (!(error instanceof StatementFailed)) throw error
    console.error(error.message)
    return false
  }
}

/** Runs standard input: at a terminal, statement by statement; else all of it at its end. */
export async function runInput(statements: Statements, input: NodeJS.ReadStream): Promise<boolean> {
  if (!input.isTTY) return runText(statements, await readText(input))
  await converse(statements, input)
  return true
}

async function converse(statements: Statements, input: NodeJS.ReadStream): Promise<void> {
  console.log(`views: ${VIEWS.join(', ')}. A statement ends with ; Ctrl-C interrupts it, Ctrl-D ends the prompt.`)
  const lines = createInterface({ input, output: process.stdout, prompt: FIRST })
  let statement = ''
  let isRunning = false
  const ask = (prompt: string) => {
    lines.setPrompt(prompt)
    lines.prompt()
  }
  lines.on('SIGINT', () => {
    if (isRunning) return statements.interrupt()
    statement = ''
    lines.write(null, { ctrl: true, name: 'u' })
    process.stdout.write('\n')
    ask(FIRST)
  })
  ask(FIRST)
  for await (const line of lines) {
    statement = `${statement}\n${line}`.trimStart()
    if (statement.trimEnd().endsWith(';')) {
      isRunning = true
      await runText(statements, statement)
      isRunning = false
      statement = ''
    }
    ask(statement === '' ? FIRST : FURTHER)
  }
}
