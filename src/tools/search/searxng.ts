/** SearXNG, and searx before it: a person's own metasearch, free and without a key. */
import { z } from 'zod';
import type { Answered, Asker } from './ask.ts';
import { judgeJson } from './judge.ts';
import { languageTag } from './locale.ts';
import { ProviderFailure, type SearchProvider, type SearchQuery } from './provider.ts';

const answerSchema = z.object({
  results: z.array(
    z.object({
      title: z.string().catch(''),
      url: z.string().catch(''),
      content: z.string().catch(''),
      publishedDate: z.string().nullish().catch(undefined),
    }),
  ),
  /** [engine, why] of those that gave nothing. */
  unresponsive_engines: z.array(z.array(z.string())).catch([]),
});

/** `key`: sent as a bearer token, for a server behind a proxy that wants one. */
export function searxng(asker: Asker, address: string, key?: string): SearchProvider {
  return {
    name: 'searxng',
    label: `SearXNG at ${address}`,
    wholeWeb: true,
    search: async (query, signal) => {
      const what = {
        url: searchUrl(address, query),
        ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
      };
      const { results, unresponsive_engines: silent } = await asker.ask(
        what,
        (answered) => judge(answered, query.q, key),
        signal,
      );
      const hits = results.map(({ title, url, content, publishedDate }) => ({
        title,
        link: url,
        snippet: content,
        ...(publishedDate && { date: publishedDate.replace(/T00:00:00$/, '') }),
      }));
      const reasons = silent.map(([name, why]) => (why ? `${name}: ${why}` : name)).join('; ');
      if (hits.length === 0 && silent.length > 0)
        throw new ProviderFailure('passing', `none of its engines answered (${reasons})`);
      const hourly = query.timeRange === 'hour' ? ['SearXNG has no filter by the hour: results of a day.'] : [];
      const lacking = silent.length > 0 ? [`Engines of SearXNG that did not answer: ${reasons}.`] : [];
      return { hits, notes: [...hourly, ...lacking] };
    },
  };
}

/** A base that ends in /search already is taken as it is. */
function searchUrl(address: string, { q, gl, hl, page, timeRange }: SearchQuery): URL {
  const base = address.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const url = new URL(base.endsWith('/search') ? base : `${base}/search`);
  const time = timeRange === 'hour' ? 'day' : timeRange;
  url.search = new URLSearchParams({
    q: withoutCommands(q),
    format: 'json',
    language: languageTag(hl, gl),
    pageno: String(page),
    ...(time && { time_range: time }),
  }).toString();
  return url;
}

/** A word that begins so chooses an engine; with two marks it sends whoever asks away, to another site. */
const command = /(^|\s)(?:!!+|[!?]+(?=[\p{L}\p{N}]))/gu;

/** The words of a query, none of which is a command. */
function withoutCommands(q: string): string {
  const plain = q.replace(command, '$1').trim();
  if (plain === q) return q;
  return plain === '' ? `"${q}"` : plain.replace(/\s+/g, ' ');
}

function judge(answered: Answered, q: string, key: string | undefined) {
  const { status, type } = answered;
  if (status >= 300 && status < 400 && /(?:^|\s)[!?]/.test(q))
    throw new ProviderFailure('passing', 'it took a part of the query for a command: write it without ! and ?');
  const page = type.includes('html');
  if (status === 429)
    throw new ProviderFailure(
      'settings',
      'its limiter keeps programs out (HTTP 429): set `limiter: false` under `server:` in its settings.yml, or add this machine to the limiter’s pass list',
    );
  if ((status === 403 && key === undefined) || (status === 200 && page))
    throw new ProviderFailure(
      'settings',
      `it does not answer in JSON (HTTP ${status}): add \`json\` to \`formats:\` under \`search:\` in its settings.yml and start it again`,
    );
  return judgeJson(answered, answerSchema);
}
