/** Edges are made from facts, and by the rules for names: where figures are made anew from the log, edges are too. */
import { documentPages } from '../storage/document-pages.ts'
import type { Storage } from '../storage/storage.ts'
import { FACT_EDGES, FACTS, factEdges, readFact } from './facts.ts'

const PAGE = 200

/**
 * Writes the edges that should be there for the facts and are not; those of earlier rules stay, and mislead nobody.
 * Interrupted, it is made good by calling it again, and several instances may do it at once. @throws StoreUnavailable
 */
export async function renewEdges(storage: Pick<Storage, 'documents' | 'snapshot'>): Promise<void> {
  for await (const facts of documentPages(storage.documents, FACTS, { limit: PAGE })) {
    const edges = facts.flatMap(({ id, value }) => factEdges(id, readFact(value)))
    const ids = edges.map(({ id }) => id)
    const known = await storage.snapshot(reads => reads.documents(FACT_EDGES, ids))
    const missing = edges.filter(({ id }) => !known.has(id))
    if (missing.length > 0) await storage.documents.put(FACT_EDGES, missing, Number.POSITIVE_INFINITY)
  }
}
