/** Settings of recommendations. */
import type { SettingsReader } from './settings-reader.ts'

export interface RecommendationSettings {
  /** After so many hours, models are trained anew for the sake of any new event; null: this instance trains nothing. */
  recommendationTrainingHours: number | null
}

const HOURS = 24
const MAX_HOURS = 8_760

export function readRecommendations(read: SettingsReader): RecommendationSettings {
  const hours = read.parsed<number | 'off'>('RECOMMENDATION_TRAINING_HOURS', text => {
    if (/^off$/i.test(text)) return { value: 'off' }
    const isHours = /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MAX_HOURS
    return isHours ? { value: Number(text) } : { rule: `must be a whole number from 1 to ${MAX_HOURS}, or off` }
  })
  return { recommendationTrainingHours: hours === 'off' ? null : (hours ?? HOURS) }
}
