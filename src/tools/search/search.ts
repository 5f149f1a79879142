/** One search, asked of the configured providers in turn until one finds something. */
import { ToolError } from '../../agent/errors.ts';
import { blockedHits, cleanHits } from './hits.ts';
import { ProviderFailure, type RawHit, type SearchHit, type SearchProvider, type SearchQuery } from './provider.ts';

/** Whom to ask, and what is never shown. */
export interface SearchOptions {
  /** In the order in which they are asked. */
  readonly providers: readonly SearchProvider[];
  readonly blocked: readonly string[];
  /** Gets the hits of every search as soon as they are there: for provenance, and to read the first ones ahead. */
  readonly onHits?: (hits: readonly SearchHit[]) => void;
  /** In ms; Date.now where absent. */
  readonly now?: () => number;
}

/** What a search brought. */
export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** Where no hit is left: how many there were on blocked places. */
  readonly blocked: number;
  readonly provider: SearchProvider;
  /** The query that was answered, where it is not the one that was asked: without its quotes. */
  readonly asked: string;
  /** What a reader has to know: who failed, what could not be done. A sentence each. */
  readonly notes: readonly string[];
}

/** How long a provider whose key, quota or settings are wrong is asked last. */
const restMs = 5 * 60_000;

/** Asks. Throws ToolError that names each provider with its reason when none answers. */
export type Search = (query: SearchQuery, signal: AbortSignal) => Promise<SearchResult>;

/** One for a run: who failed for good a while ago is asked behind the others. */
export function makeSearch({ providers, blocked, onHits, now = Date.now }: SearchOptions): Search {
  const restingUntil = new Map<SearchProvider, number>();
  const resting = (provider: SearchProvider) => (restingUntil.get(provider) ?? 0) > now();
  return async (query, signal) => {
    const failures: string[] = [];
    /** Answers without a hit. */
    const empty: SearchResult[] = [];
    const ordered = [...providers.filter((one) => !resting(one)), ...providers.filter(resting)];
    for (const provider of ordered) {
      try {
        const found = await askOne(provider, query, blocked, signal);
        restingUntil.delete(provider);
        if (found.hits.length === 0) {
          empty.push({ ...found, provider });
          continue;
        }
        onHits?.(found.hits);
        const nowhere = empty.map(nothingFound).join(', ');
        const whose = nowhere === '' ? [] : [`${nowhere}: these results are from ${provider.label}.`];
        return { ...found, provider, notes: [...failures.map((failure) => `${failure}.`), ...whose, ...found.notes] };
      } catch (error) {
        if (!(error instanceof ProviderFailure)) throw error;
        if (error.kind !== 'passing') restingUntil.set(provider, now() + restMs);
        failures.push(`${provider.label} failed: ${error.message.replace(/\.$/, '')}`);
      }
    }
    const [first, ...others] = empty;
    if (first) {
      const neither = others.map((one) => `${nothingFound(one)} either.`);
      return { ...first, notes: [...failures.map((failure) => `${failure}.`), ...first.notes, ...neither] };
    }
    throw new ToolError(
      `The search was not answered.\n${failures.map((failure) => `- ${failure}.`).join('\n')}\nSearch differently later, or go on with what you have.`,
    );
  };
}

function nothingFound({ provider, blocked }: SearchResult): string {
  return `${provider.label} found nothing${blocked > 0 ? ' that may be shown' : ''}`;
}

/** A quoted query that finds nothing is asked once more without its quotes (agent-protocol: tools). */
async function askOne(provider: SearchProvider, query: SearchQuery, blocked: readonly string[], signal: AbortSignal) {
  const first = await provider.search(query, signal);
  const found = shown(first.hits, blocked, query);
  const plain = query.q
    .replace(/["“”„«»]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (found.hits.length > 0 || plain === '' || plain === query.q.trim())
    return { ...found, asked: query.q, notes: [...found.notes, ...first.notes] };
  const second = await provider.search({ ...query, q: plain }, signal);
  const again = shown(second.hits, blocked, query);
  const note = again.hits.length > 0 ? ['Nothing was found with the quotes: these are results without them.'] : [];
  return { ...again, asked: plain, notes: [...note, ...again.notes, ...second.notes] };
}

/** Nothing found is something else than nothing that may be shown. */
function shown(raw: readonly RawHit[], blocked: readonly string[], { num }: SearchQuery) {
  const hits = cleanHits(raw, blocked, num);
  const count = hits.length > 0 ? 0 : blockedHits(raw, blocked);
  const results =
    count === 1
      ? 'The only result lies on a blocked domain and was'
      : `All ${count} results lie on blocked domains and were`;
  const words = `${results} left out: the person keeps these sites out of this run. Search for something else.`;
  return { hits, blocked: count, notes: count > 0 ? [words] : [] };
}
