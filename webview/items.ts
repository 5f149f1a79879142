/** The things of a transcript that are no turns and no answers: questions, rollbacks, requests and ends. */
import { describeItem } from '../src/shared/describeItem.ts';
import type { End, Item, Question, RolledBack } from '../src/shared/trajectory.ts';
import { formatClock } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context } from './context.ts';
import { postAboutRun } from './context.ts';
import { disclosure } from './disclosure.ts';
import { button, h, icon } from './dom.ts';
import { foldedText } from './lines.ts';
import { textButton } from './ui.ts';

/** An item's article. `toggle` opens or closes all that it folds; without `open` the other way round. */
export interface ItemView {
  readonly element: HTMLElement;
  readonly update: (item: Item) => void;
  readonly toggle: (open?: boolean) => void;
}

/** A question in the flow. The only one of a run stands in the header, so that the style hides it here. */
export function questionView({ question, mentions }: Question): ItemView {
  const text = h('div', 'asked', {}, showControls(question));
  const files = mentions.length > 0 && h('p', 'remark', {}, `With ${mentions.map(showControls).join(', ')}`);
  return still(
    h('article', 'item question', label(`Question: ${question}`), icon('comment'), h('div', 'column', {}, text, files)),
  );
}

/** A reply that was undone: why, and the reply itself. */
export function rolledBackView(context: Context, { seq, reason, reply, reasoning }: RolledBack): ItemView {
  const line = button(
    'thought',
    {},
    () => undefined,
    icon('chevron-right', 'chevron'),
    h('span', 'first', {}, `Undone: ${showControls(reason)}`),
  );
  const whole = [reasoning, reply].filter(Boolean).join('\n\n');
  const parts = disclosure(context, `r${seq}`, false, line, () => [foldedText(whole, { className: 'output' })]);
  const element = h(
    'article',
    'item rolled-back',
    label(`Undone reply: ${reason}`),
    icon('discard'),
    h('div', 'column', {}, line, parts.body),
  );
  return { element, update: () => undefined, toggle: (open = !parts.isOpen()) => parts.set(open) };
}

/** A remark in the flow: a note, a fresh attempt, what went out of view, why the answer was asked for. */
export function remarkView(context: Context, item: Parameters<typeof describeItem>[0]): ItemView {
  const { icon: name, text, body } = describeItem(item);
  const shown = showControls(text);
  if (body === undefined) {
    const kind = item.kind === 'note' ? 'item note' : 'item request';
    return still(
      h('article', kind, label(text), icon(name), h('p', item.kind === 'note' ? 'asked' : 'remark', {}, shown)),
    );
  }
  const line = button('thought', {}, () => undefined, icon('chevron-right', 'chevron'), h('span', 'first', {}, shown));
  const parts = disclosure(context, `m${item.seq}`, false, line, () => [foldedText(body, { className: 'output' })]);
  const element = h('article', 'item request', label(text), icon(name), h('div', 'column', {}, line, parts.body));
  return { element, update: () => undefined, toggle: (open = !parts.isOpen()) => parts.set(open) };
}

/** How a run ended, why, and what can be done. An answered one needs no more words than its answer. */
export function endView(context: Context, end: End, runningMs: number): ItemView {
  const { reason, message } = end;
  const [name, title] = ends[reason];
  const element = h('article', `item end ${reason}`, label(message === undefined ? title : `${title}: ${message}`));
  element.append(icon(name), h('div', 'column', {}, ...endBody(context, end, title, runningMs)));
  return still(element);
}

const ends = {
  answered: ['pass', 'Answered'],
  cancelled: ['circle-slash', 'Cancelled'],
  limit: ['info', 'Ended without an answer'],
  failed: ['error', 'Failed'],
} as const;

function endBody(context: Context, { reason, message, seq }: End, title: string, runningMs: number): readonly Node[] {
  if (reason === 'answered') return [h('p', 'remark', {}, `Answered after ${formatClock(runningMs)}`)];
  const [first = '', ...details] = (message ?? '').split('\n');
  const nodes: Node[] = [h('p', 'title', {}, title)];
  if (first.trim()) nodes.push(h('p', 'message', {}, showControls(first)));
  if (details.join('').trim()) {
    const line = button(
      'thought',
      {},
      () => undefined,
      icon('chevron-right', 'chevron'),
      h('span', 'first', {}, 'Details'),
    );
    const parts = disclosure(context, `e${seq}`, false, line, () => [
      foldedText(details.join('\n'), { className: 'output' }),
    ]);
    nodes.push(line, parts.body);
  }
  return [...nodes, endActions(context, reason)];
}

/** Hidden by the style while the run lives or may only be read, and below an end that something follows. */
function endActions(context: Context, reason: End['reason']): HTMLElement {
  const again = textButton('Resume', () => postAboutRun(context, 'resume'));
  const connect = textButton('Connect a model server', () => context.post({ type: 'connect' }));
  const settings = textButton('Settings', () => context.post({ type: 'openSettings' }));
  return h('div', 'actions', {}, again, reason === 'failed' && connect, reason === 'limit' && settings);
}

function still(element: HTMLElement): ItemView {
  return { element, update: () => undefined, toggle: () => undefined };
}

function label(text: string) {
  return { tabindex: -1, 'aria-label': text.slice(0, 300) };
}
