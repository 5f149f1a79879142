/** The search of a run: its tools, and whoever answers them. */
import { makeAsker } from '../tools/search/ask.ts';
import { googleSearchTool } from '../tools/search/googleSearch.ts';
import type { SearchHit } from '../tools/search/provider.ts';
import { makeProvider } from '../tools/search/providers.ts';
import { makeSearch } from '../tools/search/search.ts';
import { sogouSearchTool } from '../tools/search/sogouSearch.ts';
import type { Finding, FindingParts } from './findingParts.ts';

/**
 * No provider that can be asked: no tools. Chinese search is offered where somebody searches the whole web. `onHits` gets
 * the hits of every search: addresses that it brought may be read, and the first ones ahead.
 */
export function makeSearching(
  { settings, around }: Pick<FindingParts, 'settings' | 'around'>,
  { onHits }: { readonly onHits?: (hits: readonly SearchHit[]) => void } = {},
): Finding {
  const { search, blocked, allowLoopback } = settings.web;
  const asker = makeAsker({ allowLoopback });
  const keys = around.web.searchKeys;
  const providers = search.flatMap((choice) => makeProvider(choice, keys[choice.provider], asker) ?? []);
  const ask = makeSearch({ providers, blocked, ...(onHits && { onHits }) });
  const ofTheWeb = providers.some(({ wholeWeb }) => wholeWeb);
  return {
    tools: [...(providers.length > 0 ? [googleSearchTool(ask)] : []), ...(ofTheWeb ? [sogouSearchTool(ask)] : [])],
    follow: () => undefined,
    dispose: () => asker.close(),
  };
}
