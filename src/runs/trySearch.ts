/** One search, to see whether a provider answers: for whoever sets one up, and for `doctor`. */
import { UserError, messageOf } from '../agent/errors.ts';
import type { SearchChoice } from '../shared/webSettings.ts';
import { makeAsker } from '../tools/search/ask.ts';
import { cleanHits } from '../tools/search/hits.ts';
import type { SearchHit } from '../tools/search/provider.ts';
import { lackOf, makeProvider } from '../tools/search/providers.ts';

/** What came. */
export interface TriedSearch {
  /** `SearXNG at http://127.0.0.1:8888`. */
  readonly label: string;
  readonly query: string;
  /** None: it answered, but knows nothing of this. */
  readonly hits: readonly SearchHit[];
}

/** Something that every library and every web knows of. */
const query = { q: 'history', gl: 'us', hl: 'en', num: 5, page: 1 };

/** Throws UserError with what is wrong and what to do. */
export async function trySearch(
  choice: SearchChoice,
  key: string | undefined,
  { allowLoopback, signal }: { readonly allowLoopback: boolean; readonly signal: AbortSignal },
): Promise<TriedSearch> {
  const asker = makeAsker({ allowLoopback });
  try {
    const provider = makeProvider(choice, key, asker);
    if (!provider)
      throw new UserError(
        `${choice.provider} lacks ${lackOf(choice, key) === 'key' ? 'a key' : 'the address of its server'}.`,
      );
    const { hits } = await provider.search(query, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new UserError(`${provider.label} does not answer: ${messageOf(error)}`);
    });
    return { label: provider.label, query: query.q, hits: cleanHits(hits, [], query.num) };
  } finally {
    await asker.close();
  }
}
