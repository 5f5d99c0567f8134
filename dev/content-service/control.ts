/** Faults over HTTP: `POST /faults` sets one, `DELETE /faults` clears all. */
import type { IncomingMessage } from 'node:http'
import { json as bodyOf } from 'node:stream/consumers'
import { type Answer, failure, json } from './answers.ts'
import { type Fault, faultOf } from './faults.ts'

interface Faulty {
  setFault(fault: Fault): void
  clearFaults(): void
}

export async function control(request: IncomingMessage, service: Faulty): Promise<Answer> {
  if (request.method === 'DELETE') {
    service.clearFaults()
    return json({})
  }
  if (request.method !== 'POST') return failure(405, 'POST sets a fault, DELETE clears all')
  try {
    const fault = faultOf(await bodyOf(request))
    service.setFault(fault)
    return json(fault)
  } catch (error) {
    return failure(400, error instanceof Error ? error.message : String(error))
  }
}
