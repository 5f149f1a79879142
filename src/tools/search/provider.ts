/** What answers a search: one interface for every provider, and how one fails. */
import type { SearchProviderName } from '../../shared/webSettings.ts';

/** How far back hits may date, and the letter that Google has for it (tbs=qdr:d). */
export type TimeRange = 'hour' | 'day' | 'week' | 'month' | 'year';

/** What is looked for, in the words of the tools that models know (agent-protocol: tools). */
export interface SearchQuery {
  readonly q: string;
  /** Country, two letters, lower case. */
  readonly gl: string;
  /** Language: `en`, `zh-cn`. */
  readonly hl: string;
  /** From where the search is made: a city, say. */
  readonly location?: string;
  readonly num: number;
  /** As it was given; `timeRange` is what it says. */
  readonly tbs?: string;
  readonly timeRange?: TimeRange;
  /** From 1. */
  readonly page: number;
  readonly autocorrect?: boolean;
}

/** One result. `position` counts from 1 over what is shown. */
export interface SearchHit {
  readonly title: string;
  readonly link: string;
  readonly snippet: string;
  /** As the provider says it: `2 days ago`, `2024-03-01`. */
  readonly date?: string;
  readonly position: number;
}

/** A result as a provider gives it: markup and order are put right by whoever asked. */
export type RawHit = Omit<SearchHit, 'position'>;

/** What a provider answered. */
export interface ProviderAnswer {
  readonly hits: readonly RawHit[];
  /** What of the query it could not do, a sentence each: `Kiwix has no time filter.` */
  readonly notes: readonly string[];
}

/** Someone who answers searches. */
export interface SearchProvider {
  readonly name: SearchProviderName;
  /** For people and the model: `SearXNG at http://127.0.0.1:8888`. */
  readonly label: string;
  /** Whether it searches the whole web, and so all of its languages. */
  readonly wholeWeb: boolean;
  /** Throws ProviderFailure with the reason. */
  readonly search: (query: SearchQuery, signal: AbortSignal) => Promise<ProviderAnswer>;
}

/**
 * A provider gave no answer. `key` and `quota` do not pass by themselves; `settings` says what to change in them; `passing`
 * may be over the next time.
 */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly kind: 'key' | 'quota' | 'settings' | 'passing';
  /** The wait that it asked for, in ms. */
  readonly retryAfterMs: number | undefined;
  /** Whether the same request may well succeed at once. */
  readonly retryable: boolean;

  constructor(
    kind: ProviderFailure['kind'],
    message: string,
    { retryAfterMs, retryable = false }: { readonly retryAfterMs?: number; readonly retryable?: boolean } = {},
  ) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    this.retryable = retryable;
  }
}
