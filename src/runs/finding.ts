/** What a run finds things out with: search, pages, documents, foreign servers. Joined here, used by hands.ts. */
import { planning } from './planning.ts';
import { makeSearching } from './searching.ts';
import { documentsFinding } from './documents.ts';
import { makeReading } from './reading.ts';
import { foreignServers } from './mcp.ts';
import type { Finding, FindingParts } from './findingParts.ts';

/** Throws UserError where a setting asks for what cannot be. */
export async function makeFinding(given: FindingParts): Promise<Finding> {
  const reading = await makeReading(given);
  const searching = makeSearching(given, { onHits: (hits) => reading.onHits(hits.map(({ link }) => link)) });
  const joined = [searching, reading, documentsFinding(given)];
  const parts: readonly Finding[] = [...joined, ...(await Promise.all([planning(given), foreignServers(given)]))];
  return {
    tools: parts.flatMap(({ tools }) => tools),
    follow: (runFolder, events) => {
      for (const part of parts) part.follow(runFolder, events);
    },
    dispose: async () => {
      await Promise.all(parts.map((part) => part.dispose()));
    },
  };
}
