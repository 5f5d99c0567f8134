/** A command for a terminal that sends an event, for those who have none to look at yet. */

/** `event` is as `POST /api/stats/events` takes it, without its time, which is that at which the command runs. */
export function eventCommand(origin: string, event: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(event).replaceAll("'", String.raw`'\''`)
  return [
    `curl ${origin}/api/stats/events \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '{"timestamp":"'"$(date -u +%FT%TZ)"'",${json.slice(1)}'`,
  ].join('\n')
}
