/** Reading the web in a run: the tool, who fetches and extracts for it, and where addresses may come from. */
import type { Model } from '../agent/ports.ts';
import { openAiModel } from '../model/client.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import { documentReader } from '../tools/documents/reader.ts';
import { modelExtractor, passageExtractor, type Extractor } from '../tools/web/extraction.ts';
import { pageFetcher } from '../tools/web/fetchPages.ts';
import { provenance, type ProvenanceSettings } from '../tools/web/provenance.ts';
import { pageReader } from '../tools/web/readPage.ts';
import { aheadBudget, readAhead, readsAhead } from '../tools/web/readAhead.ts';
import { scrapeTool } from '../tools/web/scrape.ts';
import type { Finding, FindingParts } from './findingParts.ts';
import { linksOfPages } from './linksRead.ts';
import { mediaHelpers } from './mediaHelpers.ts';

/** What reading the web is made from. */
export type ReadingParts = Pick<FindingParts, 'settings' | 'around' | 'model' | 'baseUrl' | 'nested' | 'caller'>;

/** Reading, and what searches tell it. */
export interface Reading extends Finding {
  /** A search brought these addresses, the best first: the first ones may be read before they are asked for. */
  readonly onHits: (addresses: readonly string[]) => void;
}

/** Reads nothing where pages are off, or on only with a search and there is none. */
export async function makeReading(parts: ReadingParts): Promise<Reading> {
  const { settings, around, caller } = parts;
  const { web } = settings;
  if (web.pages === 'off' || (web.pages === 'auto' && web.search.length === 0)) return noReading;
  const { cache, browserPath } = around.web;
  const fetcher = pageFetcher({ settings: web, cache, browserPath, now: Date.now });
  const documents = documentReader();
  const stopping = new AbortController();
  let events: () => readonly TrajectoryEvent[] = () => [];
  const known = provenance(web, () => events(), caller && (await knownTo(caller, web, around.signal)));
  const reader = pageReader(fetcher, documents, web.render);
  const ahead = readsAhead(web) ? readAhead(reader, aheadBudget, Date.now, around.report) : undefined;
  const tool = scrapeTool({
    read: ahead?.read ?? reader,
    extract: extractorFor(parts),
    media: mediaHelpers(around.web, parts.baseUrl),
    onRead: known.learn,
    worry: known.worry,
    spelling: known.spelling,
    mayLeadTo: known.mayLeadTo,
  });
  return {
    tools: [tool],
    onHits: (addresses) => ahead?.onHits(addresses),
    follow: (runFolder, facts) => {
      events = facts;
      // An address is not known before its page was read again: then a person is asked once too often.
      void learnAgain(runFolder, facts()).catch((error: unknown) => {
        if (!stopping.signal.aborted) around.report(error);
      });
    },
    dispose: async () => {
      stopping.abort();
      await ahead?.dispose();
      await Promise.all([fetcher.dispose(), documents.dispose()]);
    },
  };

  async function learnAgain(runFolder: string, facts: readonly TrajectoryEvent[]): Promise<void> {
    for await (const links of linksOfPages(runFolder, facts, stopping.signal)) known.learn(links);
  }
}

const noReading: Reading = {
  tools: [],
  onHits: () => undefined,
  follow: () => undefined,
  dispose: async () => undefined,
};

/** What the run knows that hands a subtask on. */
async function knownTo(caller: NonNullable<FindingParts['caller']>, web: ProvenanceSettings, signal: AbortSignal) {
  const outer = provenance(web, () => caller.events);
  for await (const links of linksOfPages(caller.folder, caller.events, signal)) outer.learn(links);
  return outer.known();
}

/** The light model of the settings, else the run's own; one that is no language model reads passages. */
function extractorFor({ settings, around, model, baseUrl }: ReadingParts): Extractor {
  const chosen = settings.web.extraction;
  const address = (chosen?.baseUrl || baseUrl) ?? '';
  const light: Model | undefined =
    chosen && address !== ''
      ? openAiModel({ baseUrl: address, model: chosen.model, apiKey: around.web.extractionKey, silenceMs })
      : undefined;
  const reader = light ?? (model?.deterministic === true ? undefined : model);
  return reader ? modelExtractor(reader) : passageExtractor;
}

const silenceMs = 120_000;
