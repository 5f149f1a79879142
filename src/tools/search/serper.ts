/** Serper (serper.dev): Google's results; the provider that the models were trained with. */
import { z } from 'zod';
import type { Asker } from './ask.ts';
import { judgeJson, messageIn } from './judge.ts';
import { ProviderFailure, type SearchProvider } from './provider.ts';

const answerSchema = z.object({
  organic: z
    .array(
      z.object({
        title: z.string().default(''),
        link: z.string(),
        snippet: z.string().default(''),
        date: z.string().nullish().catch(undefined),
      }),
    )
    .default([]),
});

const defaultUrl = 'https://google.serper.dev';

/** Sends every argument as it is: they are Serper's own. */
export function serper(asker: Asker, key: string, url = defaultUrl): SearchProvider {
  return {
    name: 'serper',
    label: url === defaultUrl ? 'Serper' : `Serper at ${url}`,
    wholeWeb: true,
    search: async (query, signal) => {
      const { q, gl, hl, location, num, tbs, page, autocorrect } = query;
      const json = { q, gl, hl, location, num, tbs, page, autocorrect };
      const what = { url: new URL('search', `${url.replace(/\/$/, '')}/`), headers: { 'x-api-key': key }, json };
      const { organic } = await asker.ask(
        what,
        (answered) => {
          // It has no status of its own for this.
          if (answered.status === 400 && /credits/i.test(messageIn(answered.text) ?? ''))
            throw new ProviderFailure(
              'quota',
              `the account has no credits left (HTTP 400: ${messageIn(answered.text)})`,
            );
          return judgeJson(answered, answerSchema);
        },
        signal,
      );
      const hits = organic.map(({ date, ...hit }) => ({ ...hit, ...(date && { date }) }));
      return { hits, notes: [] };
    },
  };
}
