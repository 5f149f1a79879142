/** What the tests of search share: a context, an asker without much patience, the JSON of an answer. */
import { z } from 'zod';
import type { ToolContext } from '../../../src/agent/tool.ts';
import { makeAsker, type Asker } from '../../../src/tools/search/ask.ts';
import { makeProvider } from '../../../src/tools/search/providers.ts';
import type { SearchProvider } from '../../../src/tools/search/provider.ts';
import type { SearchChoice } from '../../../src/shared/webSettings.ts';

/** A context of a call that nobody stops. */
export function context(signal: AbortSignal = new AbortController().signal): ToolContext {
  const openOutput = () => Promise.reject(new Error('a search stores nothing'));
  return { signal, runId: 'run', callId: 'call', unconfined: false, openOutput };
}

/** Tries again after a millisecond; allowed to ask this machine. */
export function quickAsker(timeoutMs = 20_000): Asker {
  return makeAsker({ allowLoopback: true, patience: { timeoutMs, retries: 2, retryMs: 1, longestWaitMs: 50 } });
}

/** A provider that lacks nothing. */
export function provider(choice: SearchChoice, asker: Asker, key = 'the key'): SearchProvider {
  const made = makeProvider(
    choice,
    choice.provider === 'searxng' || choice.provider === 'kiwix' ? undefined : key,
    asker,
  );
  if (!made) throw new Error('something is lacking');
  return made;
}

const answerSchema = z.strictObject({
  organic: z.array(
    z.strictObject({
      title: z.string(),
      link: z.string(),
      snippet: z.string(),
      date: z.string().optional(),
      position: z.number(),
    }),
  ),
  searchParameters: z.looseObject({ q: z.string(), engine: z.string() }),
  notes: z.array(z.string()).optional(),
});

/** An answer in the shape that models know, and in no other. */
export function answerIn(content: string) {
  return answerSchema.parse(JSON.parse(content));
}
