/** Brave Search API: an index of its own; up to 20 results a page, up to ten pages. */
import { z } from 'zod';
import type { Asker } from './ask.ts';
import { judgeJson, messageIn } from './judge.ts';
import { ProviderFailure, type SearchProvider, type SearchQuery } from './provider.ts';

const answerSchema = z.object({
  web: z
    .object({
      results: z.array(
        z.object({
          title: z.string().catch(''),
          url: z.string(),
          description: z.string().catch(''),
          age: z.string().nullish().catch(undefined),
          page_age: z.string().nullish().catch(undefined),
        }),
      ),
    })
    .nullish(),
});

const freshness = { hour: 'pd', day: 'pd', week: 'pw', month: 'pm', year: 'py' } as const;
/** The countries that it takes; others are refused. */
const countries = new Set(
  'AR AU AT BE BR CA CL DK FI FR DE HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES SE CH TW TR GB US'.split(
    ' ',
  ),
);
/** Its languages, where they are not as elsewhere. */
const languages: Readonly<Record<string, string>> = {
  ...{ ja: 'jp', zh: 'zh-hans', 'zh-cn': 'zh-hans', 'zh-sg': 'zh-hans', 'zh-tw': 'zh-hant', 'zh-hk': 'zh-hant' },
  ...{ pt: 'pt-br', 'pt-br': 'pt-br', 'pt-pt': 'pt-pt', 'en-gb': 'en-gb', no: 'nb' },
};
const plainLanguages = new Set(
  'ar eu bn bg ca hr cs da nl en et fi fr gl de el gu he hi hu is it kn ko lv lt ms ml mr nb pl pa ro ru sr sk sl es sv ta te th tr uk vi'.split(
    ' ',
  ),
);
const maxCount = 20;
const maxOffset = 9;

const defaultUrl = 'https://api.search.brave.com';

export function brave(asker: Asker, key: string, url = defaultUrl): SearchProvider {
  return {
    name: 'brave',
    label: url === defaultUrl ? 'Brave Search' : `Brave Search at ${url}`,
    wholeWeb: true,
    search: async (query, signal) => {
      if (query.page > maxOffset + 1) return { hits: [], notes: ['Brave Search has ten pages at most.'] };
      const target = new URL('res/v1/web/search', `${url.replace(/\/$/, '')}/`);
      target.search = new URLSearchParams(parameters(query)).toString();
      const what = { url: target, headers: { 'x-subscription-token': key, accept: 'application/json' } };
      const { web } = await asker.ask(
        what,
        (answered) => {
          const message = messageIn(answered.text);
          // A token that it does not know is a request that it cannot process.
          if (answered.status === 422 && /token/i.test(answered.text))
            throw new ProviderFailure(
              'key',
              `the key was refused (HTTP 422${message === undefined ? '' : `: ${message}`})`,
            );
          return judgeJson(answered, answerSchema);
        },
        signal,
      );
      const hits = (web?.results ?? []).map(({ title, url: link, description, age, page_age: pageAge }) => {
        const date = pageAge?.slice(0, 10) || age;
        return { title, link, snippet: description, ...(date && { date }) };
      });
      return { hits, notes: notesOn(query) };
    },
  };
}

function parameters({ q, gl, hl, num, page, timeRange, autocorrect }: SearchQuery): Record<string, string> {
  const language = languages[hl] ?? hl.replace(/-.*$/, '');
  const known = plainLanguages.has(language) || Object.values(languages).includes(language);
  const country = gl.toUpperCase() === 'UK' ? 'GB' : gl.toUpperCase();
  return {
    // It refuses more.
    q: q.slice(0, 400).toWellFormed(),
    count: String(Math.min(num, maxCount)),
    offset: String(page - 1),
    country: countries.has(country) ? country : 'ALL',
    ...(known && { search_lang: language }),
    ...(timeRange && { freshness: freshness[timeRange] }),
    ...(autocorrect === false && { spellcheck: 'false' }),
    text_decorations: 'false',
    result_filter: 'web',
  };
}

function notesOn({ num, timeRange, location }: SearchQuery): readonly string[] {
  return [
    ...(num > maxCount ? [`Brave Search gives ${maxCount} results a page: ask for page 2 for more.`] : []),
    ...(timeRange === 'hour' ? ['Brave Search has no filter by the hour: results of a day.'] : []),
    ...(location === undefined ? [] : ['Brave Search was asked without the location.']),
  ];
}
