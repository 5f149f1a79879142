/** google_search: the web search that the models know, whoever answers it. */
import { z } from 'zod';
import { defineTool, type Tool } from '../../agent/tool.ts';
import { searchOutput } from './answer.ts';
import type { SearchQuery, TimeRange } from './provider.ts';
import type { Search } from './search.ts';

/** Models write numbers as text, and nothing where they mean the default. */
const whole = (min: number, max: number, usual: number) =>
  z
    .preprocess(
      (value) => (value === '' || value === null || value === undefined ? usual : value),
      z.coerce.number().int(),
    )
    .transform((n) => Math.min(Math.max(n, min), max));
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || undefined);

const input = z.object({
  q: z.string().trim().min(1).describe('The query.'),
  gl: z.string().trim().toLowerCase().default('us').describe("Country of the results, two letters: 'us', 'cn', 'de'."),
  hl: z.string().trim().toLowerCase().default('en').describe("Language of the results: 'en', 'zh-cn', 'de'."),
  location: optionalText.describe('Where the search is made from: a city or region, in English.'),
  num: whole(1, 100, 10).describe('How many results (default 10).'),
  tbs: optionalText.describe(
    "Time: 'qdr:h', 'qdr:d', 'qdr:w', 'qdr:m' or 'qdr:y' for the past hour, day, week, month or year.",
  ),
  page: whole(1, 100, 1).describe('The page of results, from 1 (default 1).'),
  autocorrect: z.boolean().nullish().describe('Whether spelling is corrected.'),
});

const ranges: Readonly<Record<string, TimeRange>> = { h: 'hour', d: 'day', w: 'week', m: 'month', y: 'year' };

/** Arguments, results and names as in agent-protocol (tools). */
export function googleSearchTool(search: Search): Tool {
  return defineTool({
    server: 'search_and_scrape_webpage',
    name: 'google_search',
    description:
      'Search the web. Gives JSON: organic (title, link, snippet, date, position) and searchParameters. Snippets are extracts; read a page before relying on it.',
    input,
    effect: 'read',
    query: (args) => queryKey(args),
    run: async ({ location, tbs, autocorrect, ...given }, { signal }) => {
      const timeRange = ranges[/\bqdr:([hdwmy])/.exec(tbs ?? '')?.[1] ?? ''];
      const query: SearchQuery = {
        ...given,
        gl: given.gl || 'us',
        hl: given.hl || 'en',
        ...(location !== undefined && { location }),
        ...(tbs !== undefined && { tbs }),
        ...(timeRange && { timeRange }),
        ...(typeof autocorrect === 'boolean' && { autocorrect }),
      };
      return searchOutput(query, await search(query, signal), Date.now());
    },
  });
}

/** The same words on another page, of another time, language or place are another query; more of them are not. */
function queryKey(args: Readonly<Record<string, unknown>>): string | undefined {
  const parsed = input.safeParse(args);
  if (!parsed.success) return undefined;
  const { q, gl, hl, location = '', tbs = '', page } = parsed.data;
  const usual = gl === 'us' && hl === 'en' && location === '' && tbs === '' && page === 1;
  return usual ? q : [q, gl, hl, location, tbs, page].join(' | ');
}
