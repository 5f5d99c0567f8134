/** Errors on their way to another thread: a structured clone forgets their class and their fields. */
import { ServiceError } from '../errors.ts'
import { FiguresDamaged, FiguresInvalidated, QuestionRefused } from '../storage/figures.ts'
import {
  BackUpFault,
  ForeignReplica,
  StoreDamaged,
  StoreInUse,
  StoreLoss,
  StoreMissing,
  StoreUnavailable,
  StoreUnusable,
} from '../storage/storage.ts'

/** The classes that arrive as what they were. Of any other error, only the name, the message and the stack arrive. */
const CLASSES: Readonly<Record<string, { prototype: Error }>> = {
  BackUpFault,
  FiguresDamaged,
  FiguresInvalidated,
  ForeignReplica,
  QuestionRefused,
  ServiceError,
  StoreDamaged,
  StoreInUse,
  StoreLoss,
  StoreMissing,
  StoreUnavailable,
  StoreUnusable,
}

export interface SentError {
  name: string
  message: string
  stack: string | undefined
  /** What the class keeps beside these. */
  fields: object
}

export function toSentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, fields: {} }
  const { name, message, stack } = error
  return { name, message, stack, fields: Object.hasOwn(CLASSES, name) ? { ...error } : {} }
}

export function toError({ name, message, stack, fields }: SentError): Error {
  const error = new Error(message)
  if (Object.hasOwn(CLASSES, name)) Object.setPrototypeOf(error, CLASSES[name]!.prototype)
  return Object.assign(error, { name, ...fields }, stack === undefined ? {} : { stack })
}
