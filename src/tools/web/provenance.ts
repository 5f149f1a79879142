/**
 * Where addresses come from. An address that the model makes up may carry out what the run has read: once that is anything
 * private, a person is asked.
 */
import { domainAllowed } from '../../agent/domains.ts';
import type { EventOf, TrajectoryEvent } from '../../shared/events.ts';
import type { WebSettings } from '../../shared/webSettings.ts';
import { addressBook, sentAddress } from './addressBook.ts';
import { addressesIn, namedHosts } from './addresses.ts';
import { ownServers } from './ownServers.ts';
import { sameHost, siteOf } from './sites.ts';

/** What a run knows of addresses, from its facts and from the pages that it read. */
export interface Provenance {
  /** Why a request to this address, with these headers, needs a person's word; undefined: it does not. */
  readonly worry: (address: string, headers?: Readonly<Record<string, unknown>>) => string | undefined;
  /** What is fetched for an address: once anything private was read, the known spelling of it in place of the model's. */
  readonly spelling: (address: string) => string;
  /** Whether a server may lead from the first address to the second. */
  readonly mayLeadTo: (from: string, to: string) => boolean;
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
/**
 * What reads nothing of the person's: a new sandbox is empty, a plan is the question's. A subtask counts as private: what
 * its run read is not told here.
 */
const harmless: ReadonlySet<string> = new Set([...searches, scrape, 'tool-python.create_sandbox', 'plan.update_plan']);

/** What a run that hands a subtask on knows. */
export interface Known {
  /** By searches and by the person. */
  readonly given: Iterable<string>;
  readonly linked: Iterable<string>;
  /** Origins of this machine's own servers that may be read unasked. */
  readonly own: Iterable<string>;
  /** Of each site: how often a linked address was chosen since anything private was read. */
  readonly choices: Iterable<readonly [string, Choices]>;
  readonly isPrivate: boolean;
}

/** Choices among links tell their server something; the same one again at once does not. */
interface Choices {
  readonly count: number;
  readonly last: string;
}

/** Choices among the links of a site that go unasked: where no search and no person led there, and where one did. */
const unaskedChoices = { strange: 12, found: 40 } as const;

/** Settings that say where addresses may lead. */
export type ProvenanceSettings = Pick<WebSettings, 'trusted' | 'search' | 'allowLoopback'>;

/**
 * `trusted`: domains whose addresses may be made up. `events`: the run's facts so far, in a list that only grows. A nested
 * run's question is a model's: it knows what its caller knows, and is private where nobody can tell.
 */
export function provenance(
  settings: ProvenanceSettings,
  events: () => readonly TrajectoryEvent[],
  caller?: Known,
): Provenance {
  const book = addressBook();
  const own = ownServers(settings, caller?.own);
  const choices = new Map<string, Choices>(caller?.choices);
  const foundSites = new Set<string>();
  const tools = new Map<string, string>();
  let seen = 0;
  let isPrivate = caller?.isPrivate ?? false;
  const isTrusted = (address: string) => trusts(settings.trusted, address);
  const give = (addresses: readonly string[]) => {
    book.learn(addresses, true);
    for (const address of addresses) foundSites.add(siteOf(address) ?? '');
  };
  const learnSaid = (text: string) => {
    const named = [...addressesIn(text), ...namedHosts(text)];
    give(named);
    own.named(named);
  };
  const takeQuestion = ({ question, mentions, attachments = [] }: Asked) => {
    learnSaid(question);
    for (const { text } of attachments) book.learn(addressesIn(text));
    isPrivate ||= mentions.length > 0 || attachments.length > 0;
  };
  const choose = (address: string) => {
    const site = siteOf(address) ?? '';
    const { count, last } = choices.get(site) ?? { count: 0, last: '' };
    if (last !== address) choices.set(site, { count: count + 1, last: address });
  };
  const isSpent = (address: string) => {
    const site = siteOf(address) ?? '';
    const { count, last } = choices.get(site) ?? { count: 0, last: '' };
    return last !== address && count >= (foundSites.has(site) ? unaskedChoices.found : unaskedChoices.strange);
  };
  const takeReading = (url: string) => {
    const known = (isPrivate ? book.spelling(url) : undefined) ?? (book.has(url) ? url : undefined);
    // An address of a trusted domain stays made up: where it leads to is not known by asking for it.
    if (known === undefined && !isTrusted(url)) book.learn([url]);
    const sent = sentAddress(known ?? url);
    if (isPrivate && sent !== undefined && !book.isGiven(sent)) choose(sent);
    isPrivate ||= own.isPrivate(url);
    own.opened(url);
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
      if (name === scrape && typeof url === 'string') takeReading(url);
    }
    if (event.type === 'tool.finished' && searches.has(tools.get(event.callId) ?? '')) {
      const hits = (event.sources ?? []).map(({ uri }) => uri);
      give(hits);
      own.found(hits);
    }
  };
  const catchUp = () => {
    const all = events();
    for (const event of all.slice(seen)) take(event);
    seen = all.length;
  };
  give([...(caller?.given ?? [])]);
  book.learn(caller?.linked ?? []);
  return {
    worry: (address, headers = {}) => {
      catchUp();
      if (!own.mayRead(address)) return ownWords(address);
      if (!isPrivate) return undefined;
      const sent = Object.values(headers).some((value) => value !== '');
      if (sent) return headerWords(address);
      const known = book.spelling(address);
      if (isTrusted(known ?? address)) return undefined;
      if (known === undefined) return addressWords(address);
      return !book.isGiven(known) && isSpent(known) ? choiceWords(known) : undefined;
    },
    spelling: (address) => {
      catchUp();
      return (isPrivate ? book.spelling(address) : undefined) ?? address;
    },
    mayLeadTo: (from, to) => {
      catchUp();
      const [start, end] = [URL.parse(from), URL.parse(to)];
      if (!start || !end) return false;
      if (start.origin !== end.origin && !own.mayRead(to)) return false;
      const isFree = !isPrivate || !isTrusted(from) || book.spelling(from) !== undefined;
      return isFree || sameHost(start, end) || isTrusted(to) || book.has(to);
    },
    learn: (addresses) => book.learn(addresses),
    known: () => {
      catchUp();
      return { ...book.all(), own: own.origins(), choices: [...choices], isPrivate };
    },
  };
}

type Asked = Pick<EventOf<'question.asked'>, 'question' | 'mentions' | 'attachments'>;

function trusts(trusted: readonly string[], address: string): boolean {
  const url = URL.parse(address);
  if (!url) return false;
  // Its registry hands a query on to whoever the name belongs to.
  if (/(?:^|\.)doi\.org\.?$/.test(url.hostname) && url.search !== '') return false;
  return domainAllowed(trusted, url.hostname, Number(url.port || (url.protocol === 'https:' ? 443 : 80)));
}

function ownWords(address: string): string {
  return `This is a server of this machine that neither you nor the settings of the search named: what it shows may be private, and asking it may change something. Allow it if the model may open ${shortened(address)}`;
}

function choiceWords(address: string): string {
  return `The model has opened many links of this site since it read files or ran commands: which of them it chooses can carry out what it read. Allow it if the site may know that it opens ${shortened(address)}`;
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
