/** Starts the trainings of an instance, with others or alone. */
import type { Documents } from '../../storage/storage.ts'
import { SharedTrainings } from './shared-trainings.ts'
import { type TrainingParts, Trainings } from './trainings.ts'

interface StartParts extends Omit<TrainingParts, 'isOurTurn' | 'publish'> {
  /** Of a store that instances share; null: there is one instance only. */
  shared: { documents: Documents; instance: string } | null
}

export function startTrainings({
  shared,
  ...parts
}: StartParts): Pick<Trainings, 'about' | 'counts' | 'onEventsCounted' | 'close'> {
  const others =
    shared &&
    new SharedTrainings({
      ...shared,
      folder: parts.folder,
      trains: parts.everyHours !== null,
      isTraining: () => trainings.isBusy,
      loadModels: () => parts.figures.loadModels(),
      announce: parts.announce,
    })
  const trainings = new Trainings({
    ...parts,
    isOurTurn: () => others === null || others.isOurTurn,
    publish: async () => others?.publish(),
  })
  others?.start()
  trainings.start()
  return {
    counts: trainings.counts,
    about: () => trainings.about(),
    onEventsCounted: () => trainings.onEventsCounted(),
    async close() {
      await trainings.close()
      await others?.close()
    },
  }
}
