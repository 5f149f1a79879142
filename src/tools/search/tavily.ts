/** Tavily: a search for agents; up to 20 results, no pages. */
import { z } from 'zod';
import type { Asker } from './ask.ts';
import { judgeJson } from './judge.ts';
import { countryName } from './locale.ts';
import type { SearchProvider, SearchQuery } from './provider.ts';

const answerSchema = z.object({
  results: z.array(
    z.object({
      title: z.string().nullish().catch(undefined),
      url: z.string(),
      content: z.string().nullish().catch(undefined),
      published_date: z.string().nullish().catch(undefined),
    }),
  ),
});

const maxResults = 20;
const maxQueryChars = 400;

const defaultUrl = 'https://api.tavily.com';

export function tavily(asker: Asker, key: string, url = defaultUrl): SearchProvider {
  return {
    name: 'tavily',
    label: url === defaultUrl ? 'Tavily' : `Tavily at ${url}`,
    wholeWeb: true,
    search: async (query, signal) => {
      const before = (query.page - 1) * query.num;
      if (before >= maxResults) return { hits: [], notes: [`Tavily gives ${maxResults} results in all.`] };
      const what = {
        url: new URL('search', `${url.replace(/\/$/, '')}/`),
        headers: { authorization: `Bearer ${key}` },
        json: body(query),
      };
      const { results } = await asker.ask(what, (answered) => judgeJson(answered, answerSchema), signal);
      const hits = results.slice(before).map(({ title, url: link, content, published_date: date }) => ({
        title: title ?? '',
        link,
        snippet: content ?? '',
        ...(date && { date }),
      }));
      return { hits, notes: notesOn(query) };
    },
  };
}

function body({ q, gl, num, page, timeRange }: SearchQuery) {
  const country = gl === 'us' ? undefined : countryName(gl);
  return {
    query: q.slice(0, maxQueryChars).toWellFormed(),
    max_results: Math.min(page * num, maxResults),
    search_depth: 'basic',
    topic: 'general',
    ...(timeRange && { time_range: timeRange === 'hour' ? 'day' : timeRange }),
    ...(country !== undefined && { country }),
  };
}

function notesOn({ num, hl, timeRange, location }: SearchQuery): readonly string[] {
  return [
    ...(num > maxResults ? [`Tavily gives ${maxResults} results in all.`] : []),
    ...(timeRange === 'hour' ? ['Tavily has no filter by the hour: results of a day.'] : []),
    ...(hl === 'en' ? [] : ['Tavily has no filter by language.']),
    ...(location === undefined ? [] : ['Tavily was asked without the location.']),
  ];
}
