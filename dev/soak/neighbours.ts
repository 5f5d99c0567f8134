/** The two neighbours of the service, which misbehave in turns: the catalogue and the mail server. */

import { type Manners, openSmtpServer, type TestSmtpServer } from '../../test/support/smtp-server.ts'
import type { Catalogue } from '../content-service/catalogue.ts'
import type { Fault } from '../content-service/faults.ts'
import { type ContentService, startContentService } from '../content-service/server.ts'
import { Counter } from './counter.ts'
import { cataloguedArtists } from './events.ts'
import type { Findings } from './findings.ts'
import { pause } from './pause.ts'
import { oneOf, type Run } from './run.ts'

/** For so long a neighbour keeps to one manner, on average. */
const TURN_MS = 4_000
const HUGE_BYTES = 20_000_000

const CATALOGUE_FAULTS: readonly Fault[] = [
  { kind: 'delay', ms: 3_000 },
  { kind: 'hang' },
  { kind: 'status', status: 429, headers: { 'Retry-After': '3' } },
  { kind: 'status', status: 429, headers: { 'Retry-After': '99999999' }, times: 1 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'huge', bytes: HUGE_BYTES },
  { kind: 'garbage' },
  { kind: 'empty' },
  { kind: 'emptyList' },
  { kind: 'wrongTypes' },
  { kind: 'wrongTypes', deep: true },
  { kind: 'proto' },
  { kind: 'cut' },
]

const MAIL_MANNERS: readonly Manners[] = [
  { connect: 'hang-up' },
  { mail: 421 },
  { rcpt: 450 },
  { rcpt: 550 },
  { data: 'hang-up' },
  { end: 451 },
  { end: 554 },
  { end: 'hang-up' },
  { end: 'silence' },
  { delay: 5_000 },
]

export class Neighbours {
  /** Mails that were taken, by address. */
  readonly mails = new Counter()
  readonly #catalogue: ContentService
  readonly #mailServer: TestSmtpServer

  static async start(): Promise<Neighbours> {
    const catalogue = await startContentService({ catalogue: catalogueOfPlatform(), emails: true })
    return new Neighbours(catalogue, await openSmtpServer())
  }

  private constructor(catalogue: ContentService, mailServer: TestSmtpServer) {
    this.#catalogue = catalogue
    this.#mailServer = mailServer
  }

  /** The settings of a service that has these neighbours. */
  get env(): NodeJS.ProcessEnv {
    const { host, port, user, pass } = this.#mailServer.config
    return {
      CONTENT_SERVICE_URL: this.#catalogue.url,
      ...{ SMTP_HOST: host, SMTP_PORT: String(port), SMTP_USER: user ?? '', SMTP_PASS: pass ?? '' },
      SMTP_TLS: 'insecure',
    }
  }

  /** Half of the time it is as it should be. */
  async spoilCatalogue(run: Run): Promise<void> {
    while (!run.ending.aborted) {
      this.#catalogue.clearFaults()
      await pause(2 * TURN_MS * run.random.unit(), run.ending)
      const fault = oneOf(CATALOGUE_FAULTS, run.random)
      this.#catalogue.setFault(fault)
      run.faults.add('catalogue')
      await pause(2 * TURN_MS * run.random.unit(), run.ending)
    }
    this.#catalogue.clearFaults()
  }

  /** Half of the time it is as it should be. */
  async spoilMail(run: Run): Promise<void> {
    while (!run.ending.aborted) {
      this.#mailServer.manners = {}
      await pause(2 * TURN_MS * run.random.unit(), run.ending)
      this.#mailServer.manners = oneOf(MAIL_MANNERS, run.random)
      run.faults.add('mail server')
      await pause(2 * TURN_MS * run.random.unit(), run.ending)
      this.#readMails(run.findings)
    }
    this.#mailServer.manners = {}
  }

  async close(): Promise<void> {
    await this.#catalogue.close()
    await this.#mailServer.stop()
  }

  /** Counts what was taken, looks for what attacks wrote, and forgets it, for each mail is kept as a whole. */
  #readMails(findings: Findings): void {
    for (const { to, raw } of this.#mailServer.accepted.splice(0)) {
      for (const address of to) this.mails.add(address)
      if (/^subject:.*evil|:\/\/evil|^bcc:/im.test(raw)) findings.add('a mail says what an attack wrote', raw)
      if (to.length !== 1) findings.add('a mail goes to several addresses', to.join())
    }
    this.#mailServer.received.length = 0
  }
}

/** What the catalogue knows of the artists of the platform. */
function catalogueOfPlatform(): Catalogue {
  return {
    artists: cataloguedArtists.map(({ id, name, genre }) => ({
      ...{ _id: id.padStart(24, 'f'), id: Number(id), name, genre },
      ...{ profileImage: `/assets/profiles/${id}.svg`, email: `artist${id}@example.com` },
    })),
    albums: cataloguedArtists.flatMap(({ id, name, genre, albums }) =>
      [...new Set(albums)].map(album => ({
        ...{ id: album, title: `Album ${album}`, artist: name, artistId: Number(id), genre, price: 9.99 },
        ...{ coverImage: `/assets/covers/${album}.svg`, releaseYear: 2025, updatedAt: '2026-01-01T00:00:00.000Z' },
        tracks: albums.map((_, i) => track(album, i + 1, name)),
      })),
    ),
  }
}

function track(album: string, id: number, autor: string) {
  const url = `/assets/tracks/${album}_${id}.mp3`
  return { id, title: `Track ${id}`, duration: '3:20', url, autor, n_reproducciones: 0, price: 0.99 }
}
