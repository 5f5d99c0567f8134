/** The least that a server for events can do: read the body, parse the JSON, answer 202. */
import { createServer } from 'node:http'

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { eventId } = JSON.parse(Buffer.concat(chunks).toString()) as { eventId: string }
    response.writeHead(202, { 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify({ accepted: true, id: eventId }))
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
