/** sogou_search: the search of the Chinese web that the models know, whoever answers it. */
import { z } from 'zod';
import { defineTool, type Tool } from '../../agent/tool.ts';
import { searchOutput } from './answer.ts';
import type { SearchQuery } from './provider.ts';
import type { Search } from './search.ts';

const counts = [10, 20, 30, 40, 50] as const;

const input = z.object({
  q: z.string().trim().min(1).describe('The query, best in Chinese.'),
  num: z
    .preprocess((value) => (value === '' || value === null || value === undefined ? 10 : value), z.coerce.number())
    .transform((wanted) => counts.find((count) => count >= wanted) ?? 50)
    .describe('How many results: 10 (default), 20, 30, 40 or 50.'),
});

/** The same shape as google_search; asked for Chinese results of China. */
export function sogouSearchTool(search: Search): Tool {
  return defineTool({
    server: 'search_and_scrape_webpage',
    name: 'sogou_search',
    description:
      'Search the Chinese web: better than google_search for what is written in Chinese. Gives JSON: organic (title, link, snippet, date, position) and searchParameters.',
    input,
    effect: 'read',
    query: ({ q }) => (typeof q === 'string' ? q : undefined),
    run: async ({ q, num }, { signal }) => {
      const query: SearchQuery = { q, num, gl: 'cn', hl: 'zh-cn', page: 1 };
      return searchOutput(query, await search(query, signal), Date.now());
    },
  });
}
