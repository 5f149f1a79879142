/**
 * Where addresses come from. An address that the model makes up may carry out what the run has read: once that is anything
 * private, a person is asked.
 */
import { domainAllowed } from '../../agent/domains.ts';
import type { EventOf, TrajectoryEvent } from '../../shared/events.ts';
import { addressesIn, namedHosts, normalAddress } from './addresses.ts';
import { rawForm } from './rawForms.ts';

/** What a run knows of addresses, from its facts and from the pages that it read. */
export interface Provenance {
  /** Why a request to this address, with these headers, needs a person's word; undefined: it does not. */
  readonly worry: (address: string, headers?: Readonly<Record<string, unknown>>) => string | undefined;
  /** These addresses stood on a page that was read. */
  readonly learn: (addresses: Iterable<string>) => void;
  /** Everything that is known now, and whether the run has read anything private. */
  readonly known: () => Known;
}

/** Tools whose calls read nothing but the web, and what searches of them found are known addresses. */
const searches: ReadonlySet<string> = new Set([
  'search_and_scrape_webpage.google_search',
  'search_and_scrape_webpage.sogou_search',
]);
const scrape = 'jina_scrape_llm_summary.scrape_and_extract_info';
/** A new sandbox has nothing of the person's that was read. */
const harmless: ReadonlySet<string> = new Set([...searches, scrape, 'tool-python.create_sandbox']);

/** What a run that hands a subtask on knows. */
export interface Known {
  readonly addresses: Iterable<string>;
  readonly isPrivate: boolean;
}

/**
 * `trusted`: domains whose addresses may be made up. `events`: the run's facts so far, in a list that only grows. A nested
 * run's question is a model's: it knows what its caller knows, and is private where nobody can tell.
 */
export function provenance(
  trusted: readonly string[],
  events: () => readonly TrajectoryEvent[],
  caller?: Known,
): Provenance {
  const known = new Set<string>();
  const tools = new Map<string, string>();
  let seen = 0;
  let isPrivate = caller?.isPrivate ?? false;
  const learn = (addresses: Iterable<string>) => {
    for (const address of addresses) {
      const key = keyOf(address);
      if (key !== undefined) known.add(key);
    }
  };
  const learnSaid = (text: string) => learn([...addressesIn(text), ...namedHosts(text)]);
  const takeQuestion = ({ question, mentions, attachments = [] }: Asked) => {
    learnSaid(question);
    for (const { text } of attachments) learn(addressesIn(text));
    isPrivate ||= mentions.length > 0 || attachments.length > 0;
  };
  const take = (event: TrajectoryEvent) => {
    if (event.type === 'run.started' && event.caller) isPrivate ||= !caller;
    else if (event.type === 'run.started' || event.type === 'question.asked') takeQuestion(event);
    if (event.type === 'note.added') learnSaid(event.text);
    if (event.type === 'clarification.answered') event.answers.forEach(learnSaid);
    if (event.type === 'plan.set' && event.by === 'person') event.items.forEach(({ text }) => learnSaid(text));
    if (event.type === 'tool.started') {
      const name = `${event.server}.${event.tool}`;
      tools.set(event.callId, name);
      isPrivate ||= !harmless.has(name);
      const { url } = event.arguments;
      // What was asked for once tells nothing new.
      if (name === scrape && typeof url === 'string') learn([url]);
    }
    if (event.type === 'tool.finished' && searches.has(tools.get(event.callId) ?? '')) {
      learn((event.sources ?? []).map(({ uri }) => uri));
    }
  };
  const catchUp = () => {
    const all = events();
    for (const event of all.slice(seen)) take(event);
    seen = all.length;
  };
  learn(caller?.addresses ?? []);
  return {
    worry: (address, headers = {}) => {
      catchUp();
      if (!isPrivate) return undefined;
      const sent = Object.values(headers).some((value) => value !== '');
      if (sent) return headerWords(address);
      const key = keyOf(address);
      if (key !== undefined && (known.has(key) || isTrusted(trusted, address))) return undefined;
      return addressWords(address);
    },
    learn,
    known: () => {
      catchUp();
      return { addresses: [...known].map((key) => `https://${key}`), isPrivate };
    },
  };
}

type Asked = Pick<EventOf<'question.asked'>, 'question' | 'mentions' | 'attachments'>;

/** Addresses that lead to the same text are the same. */
function keyOf(address: string): string | undefined {
  return normalAddress(rawForm(address));
}

function isTrusted(trusted: readonly string[], address: string): boolean {
  const url = URL.parse(address);
  if (!url) return false;
  return domainAllowed(trusted, url.hostname, Number(url.port || (url.protocol === 'https:' ? 443 : 80)));
}

function addressWords(address: string): string {
  return `The model made up this address: no search found it, no page that was read links to it, and you did not name it. The run has read files or run commands, and an address can carry out what it read. Allow it if its server may know all that stands in ${shortened(address)}`;
}

function headerWords(address: string): string {
  return `The model sends headers of its own to ${shortened(address)} The run has read files or run commands, and headers can carry out what it read. Allow it if that server may know all that stands in them.`;
}

function shortened(address: string): string {
  const line = address.replace(/\s+/g, ' ');
  return `\`${line.length > 300 ? `${line.slice(0, 299)}…` : line}\`.`;
}
