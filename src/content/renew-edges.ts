/** Edges are made from facts, and by the rules for names: where figures are made anew from the log, edges are too. */
import type { Storage } from '../storage/storage.ts'
import { FACT_EDGES, FACT_KINDS, FACTS, factEdges, readFact } from './facts.ts'

const PAGE = 200

/**
 * Writes the edges that should be there for the facts and are not; those of earlier rules stay, and mislead nobody.
 * Interrupted, it is made good by calling it again, and several instances may do it at once. It reads what questions
 * read, so that a store that is shared is needed only where an edge is missing. @throws StoreUnavailable
 */
export async function renewEdges(storage: Pick<Storage, 'documents' | 'snapshot'>): Promise<void> {
  const ids = await storage.snapshot(reads => reads.documentsIn(FACTS, FACT_KINDS))
  for (let i = 0; i < ids.length; i += PAGE) {
    const missing = await storage.snapshot(async reads => {
      const facts = await reads.documents(FACTS, ids.slice(i, i + PAGE))
      const edges = [...facts].flatMap(([id, value]) => factEdges(id, readFact(value)))
      const known = await reads.documents(
        FACT_EDGES,
        edges.map(({ id }) => id),
      )
      return edges.filter(({ id }) => !known.has(id))
    })
    if (missing.length > 0) await storage.documents.put(FACT_EDGES, missing, Number.POSITIVE_INFINITY)
  }
}
