/** What `doctor` says of the search providers that its options name: each is asked once. */
import { messageOf } from '../agent/errors.ts';
import { trySearch } from '../runs/trySearch.ts';
import type { Call } from './arguments.ts';
import type { Finding } from './finding.ts';

/** One a provider, in their order. Runs go on without. */
export async function searchFindings(call: Call, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const { search = [], allowLoopback = false } = call.choice.web ?? {};
  if (search.length === 0) return [nothingNamed];
  const { searchKeys } = call.web(env);
  return Promise.all(
    search.map(async (choice): Promise<Finding> => {
      const signal = AbortSignal.timeout(60_000);
      try {
        const { label, query, hits } = await trySearch(choice, searchKeys[choice.provider], { allowLoopback, signal });
        const [first] = hits;
        const found = first ? `finds "${first.title}"` : 'answers, and finds nothing';
        return { name: 'web search', ok: true, found: `${label} ${found} for "${query}"` };
      } catch (error) {
        const remedy = 'Runs search with the next provider that is named, or not at all.';
        return { name: 'web search', ok: false, found: messageOf(error), remedy, optional: true };
      }
    }),
  );
}

const nothingNamed: Finding = {
  name: 'web search',
  ok: false,
  found: 'no provider is named',
  remedy: 'Name one with --search (SearXNG and Kiwix are free): doctor tries it.',
  optional: true,
};
