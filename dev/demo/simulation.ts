/** The simulated audience: its events of half a year, and those of the present. The same for the same seed and moment. */
import { DAY_MS, HOUR_MS } from '../../src/units.ts'
import { seededRandom } from '../replay/random.ts'
import { Arrivals, type DemoEvent } from './arrivals.ts'
import { Audience } from './audience.ts'
import { Behaviour } from './behaviour.ts'
import { songsOfDay } from './demand.ts'
import { incidents } from './incidents.ts'
import { makeRepertoire, type Repertoire } from './repertoire.ts'
import { type Hour, hoursAt, hoursOf } from './rhythm.ts'
import { Timeline } from './timeline.ts'
import { WeightedChoice } from './weighted-choice.ts'

const SEED = 15
/** Of the events, plays are this share. */
const PLAYS_SHARE = 0.93
/** On the first day and on the last one, in place of 1: the platform grows. */
const GROWTH = { from: 0.6, to: 1.4 }
/** Days differ by chance, by this much at most. */
const CHANCE = 0.08

interface SimulationOptions {
  /** Epoch milliseconds of the moment at which history ends. */
  now: number
  historyDays: number
  /** On average. */
  eventsPerDay: number
}

export class Simulation {
  readonly timeline: Timeline
  readonly repertoire: Repertoire
  readonly #behaviour: Behaviour
  readonly #playsPerDay: number
  readonly #random = seededRandom(SEED)
  readonly #arrivals = new Arrivals()
  #songs: { day: number; choices: ReturnType<typeof songsOfDay> } | undefined

  constructor({ now, historyDays, eventsPerDay }: SimulationOptions) {
    this.timeline = new Timeline(now, historyDays)
    this.repertoire = makeRepertoire(SEED, this.timeline)
    this.#behaviour = new Behaviour(this.repertoire, this.timeline, new Audience(SEED))
    this.#playsPerDay = eventsPerDay * PLAYS_SHARE
  }

  /** The events that have arrived until `now`, in the order of their arrival. `onDay` hears how many days are done. */
  *history(onDay: (done: number, all: number) => void): Generator<DemoEvent> {
    const { days, now } = this.timeline
    this.#arrivals.add(incidents(this.#behaviour, this.repertoire, this.timeline, this.#random))
    for (const [i, day] of days.entries()) {
      onDay(i, days.length)
      this.#arrivals.add(this.#playsOf(day))
      yield* this.#arrivals.takeUntil(Math.min(day + DAY_MS, now))
    }
    onDay(days.length, days.length)
  }

  /** To be asked after the history: one more play at this instant, and all that has arrived since it was asked before. */
  present(now: number): DemoEvent[] {
    const day = Math.floor(now / DAY_MS) * DAY_MS
    this.#arrivals.add(this.#play(this.#hourChoice(hoursAt(now)), day, () => now))
    return this.#arrivals.takeUntil(now)
  }

  /** A day, and what follows from its plays. */
  *#playsOf(day: number): Generator<DemoEvent> {
    const hours = hoursOf(day)
    const choice = this.#hourChoice(hours)
    const growth = GROWTH.from + (GROWTH.to - GROWTH.from) * this.timeline.shareOver(day)
    const chance = 1 + CHANCE * (2 * this.#random() - 1)
    const plays = Math.round(this.#playsPerDay * growth * chance * (choice.total / hours.length))
    for (let play = 0; play < plays; play++) {
      yield* this.#play(choice, day, ({ start }) => start + Math.floor(this.#random() * HOUR_MS))
    }
  }

  #play(hours: WeightedChoice<Hour>, day: number, instantOf: (hour: Hour) => number): DemoEvent[] {
    const hour = hours.at(this.#random())
    const song = this.#songsOf(day).get(hour.zone)!.at(this.#random())
    return this.#behaviour.play(song, hour.zone, instantOf(hour), this.#random)
  }

  #hourChoice(hours: readonly Hour[]): WeightedChoice<Hour> {
    return new WeightedChoice(
      hours,
      hours.map(({ activity }) => activity),
    )
  }

  #songsOf(day: number): ReturnType<typeof songsOfDay> {
    if (this.#songs?.day !== day) {
      this.#songs = { day, choices: songsOfDay(this.repertoire, this.timeline, day) }
    }
    return this.#songs.choices
  }
}
