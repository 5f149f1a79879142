/** The sources below an answer: where each leads, its quote, and what came of the check. */
import { checkSource } from '../src/shared/checkSource.ts';
import { checkWords, placeOf, stateWords, type ShownSource } from '../src/shared/shownSources.ts';
import type { Answer } from '../src/shared/trajectory.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context } from './context.ts';
import { h, icon } from './dom.ts';
import { evidenceLink, isWebAddress, pageLink, placeLink } from './links.ts';

/** The list with its sum, or nothing. */
export function sourceSection(context: Context, answer: Answer, sources: readonly ShownSource[]): HTMLElement | false {
  const words = checkWords(answer);
  if (sources.length === 0) return words !== '' && h('p', 'checked-sum', {}, `${words}.`);
  const list = h('ol', 'sources', {}, ...sources.map((source) => entry(context, source)));
  const sum = words !== '' && h('p', 'checked-sum', {}, `${words}.`);
  return h('section', '', { 'aria-label': 'Sources' }, h('h3', '', {}, 'Sources'), list, sum);
}

/** A number in the text: it leads to the words as they were read, where they were. */
export function numberLink(context: Context, source: ShownSource): HTMLElement {
  const { number, check } = source;
  const state = check ? `, ${stateWords[check.state]}` : '';
  const link = sourceLink(context, source, `${number}`);
  link.classList.add('cite');
  if (check) link.classList.add(check.state);
  link.setAttribute('aria-label', `Source ${number}${state}: ${showControls(source.title ?? placeOf(source))}`);
  return link;
}

function sourceLink(context: Context, source: ShownSource, label?: string): HTMLElement {
  const { uri, line, title, check } = source;
  const { runId } = context.view();
  if (check?.found && runId !== null) {
    const name = label ?? showControls(title ?? placeOf(source));
    return evidenceLink(
      context,
      { runId, ...check.found, ...(check.span && { span: check.span }) },
      name,
      placeOf(source),
    );
  }
  if (uri === '') return h('span', '', {}, label ?? 'Not in the list of sources');
  if (isWebAddress(uri)) return pageLink(context, uri, label ?? title ?? uri);
  return placeLink(context, uri, line, label);
}

function entry(context: Context, source: ShownSource): HTMLElement {
  const { number, uri, quote, check } = source;
  const web = isWebAddress(uri);
  const site = web && source.title !== undefined && h('span', 'site', {}, new URL(uri).hostname.replace(/^www\./, ''));
  const live = web && check?.found !== undefined && livePage(context, uri);
  const head = h('div', 'source', {}, sourceLink(context, source), site, live, mark(context, source));
  const said = quote !== undefined && h('q', '', {}, showControls(quote));
  const why = check?.why !== undefined && h('div', 'why', {}, showControls(check.why));
  return h('li', check?.state ?? '', { value: number, 'data-number': number }, head, said, why);
}

/** What was read opens by the name; the page as it is now, by this. */
function livePage(context: Context, uri: string): HTMLElement {
  const link = pageLink(context, uri, 'page');
  link.classList.add('live-page');
  link.setAttribute('aria-label', `Open the page as it is now: ${showControls(uri)}`);
  link.replaceChildren(icon('link-external'));
  return link;
}

const icons = { verified: 'verified-filled', partly: 'circle-slash', missing: 'error' } as const;

/** The state in an icon and words; of an answer that was not checked, whether the run saw what is cited. */
function mark({ view }: Context, source: ShownSource): HTMLElement {
  const { check } = source;
  if (check) {
    const words = stateWords[check.state];
    return h('span', `mark ${check.state}`, { title: check.why }, icon(icons[check.state]), ` ${words}`);
  }
  const seen = checkSource(source, view().trajectory);
  const where = seen.kind === 'unseen' || seen.turn === undefined ? 'an attached file' : `turn ${seen.turn}`;
  const words =
    seen.kind === 'unseen'
      ? source.quote === undefined
        ? 'Not seen in this run'
        : 'The quote was not found in this run'
      : seen.kind === 'quoted'
        ? `Quote found in ${where}`
        : `Seen in ${where}`;
  const name = seen.kind === 'unseen' ? 'unverified' : 'check';
  return h('span', `mark ${seen.kind}`, { role: 'img', 'aria-label': words, title: words }, icon(name));
}
