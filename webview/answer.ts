/** The answer: short answer large, the text below, and its numbered sources. */
import type { NumberedSource } from '../src/shared/citations.ts';
import { citationKey, numberSources } from '../src/shared/citations.ts';
import { checkSource } from '../src/shared/checkSource.ts';
import type { Answer, Item } from '../src/shared/trajectory.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context } from './context.ts';
import { postAboutRun } from './context.ts';
import { h, icon } from './dom.ts';
import type { ItemView } from './items.ts';
import { isWebAddress, pageLink, placeLink } from './links.ts';
import { iconButton } from './ui.ts';

/** The answer's card. The text stands there plain until its Markdown is rendered. */
export function answerView(context: Context, answer: Answer): ItemView {
  const sources = numberSources(answer.text, answer.sources);
  const text = h('div', 'markdown plain', {}, answer.text);
  const boxed = showControls(answer.boxed);
  const element = h('article', 'item answer', { tabindex: -1, 'aria-label': `Answer: ${boxed.slice(0, 280)}` });
  const actions = h(
    'div',
    'answer-actions',
    {},
    iconButton('copy', 'Copy the answer', () => {
      postAboutRun(context, 'copyAnswer');
      context.announce('Answer copied');
    }),
    iconButton('export', 'Export as Markdown', () => postAboutRun(context, 'exportMarkdown')),
  );
  element.append(h('div', 'answer-head', {}, h('h2', '', {}, 'Answer'), actions));
  if (boxed) element.append(h('p', boxed.length > 120 ? 'boxed long' : 'boxed', {}, boxed));
  if (answer.text.trim()) element.append(text);
  if (sources.length > 0) element.append(sourceList(context, sources));
  void render(context, text, answer.text, sources);
  return { element, update: (_item: Item) => undefined, toggle: () => undefined };
}

async function render(context: Context, place: HTMLElement, text: string, sources: readonly NumberedSource[]) {
  const { renderMarkdown } = await import('./markdown.ts');
  const fragment = renderMarkdown(text);
  const numbers = new Map(sources.map((source) => [citationKey(source), source]));
  for (const cite of fragment.querySelectorAll('cite')) {
    const [uri = '', line = ''] = [cite.dataset['uri'], cite.dataset['line']];
    const source = numbers.get(citationKey({ uri, line: Number(line) }));
    bindToWord(cite);
    if (source) cite.replaceWith(numberLink(context, source));
    else cite.replaceWith(`[${uri}:${line}]`);
  }
  for (const link of fragment.querySelectorAll<HTMLAnchorElement>('a[href]'))
    link.replaceWith(...webLink(context, link, numbers));
  place.classList.remove('plain');
  place.replaceChildren(fragment);
}

/** A number stands right after what it proves, and never alone on the next line. */
function bindToWord(cite: Element): void {
  const before = cite.previousSibling;
  if (before instanceof Text) before.data = before.data.trimEnd();
}

function webLink(
  context: Context,
  link: HTMLAnchorElement,
  numbers: ReadonlyMap<string, NumberedSource>,
): readonly Node[] {
  const url = link.getAttribute('href') ?? '';
  const source = numbers.get(citationKey({ uri: url }));
  const text = pageLink(context, url, link.textContent);
  return source ? [text, numberLink(context, source)] : [text];
}

function numberLink(context: Context, source: NumberedSource): HTMLElement {
  const label = sourceName(source);
  const link = isWebAddress(source.uri)
    ? pageLink(context, source.uri, `${source.number}`)
    : placeLink(context, source.uri, source.line, `${source.number}`);
  link.classList.add('cite');
  link.setAttribute('aria-label', `Source ${source.number}: ${label}`);
  return link;
}

function sourceList(context: Context, sources: readonly NumberedSource[]): HTMLElement {
  const list = h('ol', 'sources');
  for (const source of sources) {
    const link = isWebAddress(source.uri)
      ? pageLink(context, source.uri, source.title ?? source.uri)
      : placeLink(context, source.uri, source.line);
    const site = isWebAddress(source.uri) && h('span', 'site', {}, new URL(source.uri).hostname.replace(/^www\./, ''));
    const quote = source.quote !== undefined && h('q', '', {}, showControls(source.quote));
    list.append(h('li', '', {}, h('div', 'source', {}, link, site, mark(context, source)), quote));
  }
  return h('section', '', { 'aria-label': 'Sources' }, h('h3', '', {}, 'Sources'), list);
}

/** Whether the run saw what is cited. */
function mark({ view }: Context, source: NumberedSource): HTMLElement {
  const check = checkSource(source, view().trajectory);
  const words =
    check.kind === 'unseen'
      ? source.quote === undefined
        ? 'Not seen in this run'
        : 'The quote was not found in this run'
      : check.kind === 'quoted'
        ? `Quote found in turn ${check.turn}`
        : `Seen in turn ${check.turn}`;
  const name = check.kind === 'unseen' ? 'unverified' : 'check';
  return h('span', `mark ${check.kind}`, { role: 'img', 'aria-label': words, title: words }, icon(name));
}

function sourceName({ uri, line, title }: NumberedSource): string {
  return showControls(title ?? (line === undefined ? uri : `${uri}:${line}`));
}
