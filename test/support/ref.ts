/** References to entities as tests write them: plain texts. Nothing here checks or folds them. */
import type { EntityKind, EntityRef } from '../../src/identity/entity-ref.ts'

/** `ref('artist:4')`, of the kind that the context expects. */
export const ref = <Kind extends EntityKind>(text: string): EntityRef<Kind> => text as EntityRef<Kind>

/** The type with plain texts in the place of references, for code that shares none with `src`. */
export type PlainRefs<T> = T extends EntityRef ? string : T extends object ? { [Key in keyof T]: PlainRefs<T[Key]> } : T
