/** The things of a transcript that are no turns and no answers: questions, rollbacks, requests and ends. */
import { describeItem, describeRollback, type Remark } from '../src/shared/describeItem.ts';
import type { AttemptEnd, End, Fork, Item, Question, Restored, RolledBack } from '../src/shared/trajectory.ts';
import { countOf, formatClock } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import { clarifiedList } from './clarified.ts';
import type { Context } from './context.ts';
import { postAboutRun } from './context.ts';
import { disclosure } from './disclosure.ts';
import { button, h, icon } from './dom.ts';
import { foldedRows, foldedText } from './lines.ts';
import { isWebAddress, pageLink, placeLink, runLink } from './links.ts';
import { canRestore } from './restoring.ts';
import { textButton } from './ui.ts';

/** An item's article. `toggle` opens or closes all that it folds; without `open` the other way round. */
export interface ItemView {
  readonly element: HTMLElement;
  readonly update: (item: Item) => void;
  readonly toggle: (open?: boolean) => void;
}

/** A question in the flow. The only one of a run stands in the header, so that the style hides it here. */
export function questionView(asked: Question): ItemView {
  const { question, mentions, attachments = [] } = asked;
  const text = h('div', 'asked', {}, showControls(question));
  const paths = [...mentions, ...attachments.map(({ path }) => path)];
  const files = paths.length > 0 && h('p', 'remark', {}, `With ${paths.map(showControls).join(', ')}`);
  const column = h('div', 'column', {}, text, files);
  const element = h('article', 'item question', label(`Question: ${question}`), icon('comment'), column);
  const showClarified = (item: Item) => {
    const list = item.kind === 'question' ? clarifiedList(item) : undefined;
    column.querySelector('.clarified')?.remove();
    if (list) column.append(list);
  };
  showClarified(asked);
  return { element, update: showClarified, toggle: () => undefined };
}

/** A reply that was undone: why, and the reply itself. */
export function rolledBackView(context: Context, { seq, rollback, reason, reply, reasoning }: RolledBack): ItemView {
  const why = describeRollback(rollback, reason);
  const line = chevronLine(why);
  const whole = [reasoning, reply].filter(Boolean).join('\n\n');
  const parts = disclosure(context, `r${seq}`, false, line, () => [foldedText(whole, { className: 'output' })]);
  const element = h(
    'article',
    'item rolled-back',
    label(why),
    icon('discard'),
    h('div', 'column', {}, line, parts.body),
  );
  return { element, update: () => undefined, toggle: (open = !parts.isOpen()) => parts.set(open) };
}

/** Where a fork leaves its parent. */
export function forkView(context: Context, fork: Fork): ItemView {
  const { icon: name, text } = describeItem(fork);
  const parent = runLink(context, fork.parent.runId, 'Open it');
  return still(
    h('article', 'item request', label(text), icon(name), h('p', 'remark', {}, `${showControls(text)}. `, parent)),
  );
}

/** How an attempt ended: a line between attempts, with its report and its evidence folded. */
export function attemptEndView(context: Context, end: AttemptEnd): ItemView {
  const { icon: name, text, body = '' } = describeItem(end);
  const kept = end.evidence.length > 0 ? ` · ${countOf(end.evidence.length, 'finding')} kept` : '';
  const line = chevronLine(`${text}${kept}`);
  const parts = disclosure(context, `m${end.seq}`, false, line, () => [
    foldedText(body, { className: 'prose' }),
    ...(end.evidence.length > 0 ? [evidenceList(context, end.evidence)] : []),
  ]);
  const element = h('article', 'item request', label(text), icon(name), h('div', 'column', {}, line, parts.body));
  return { element, update: () => undefined, toggle: (open = !parts.isOpen()) => parts.set(open) };
}

function evidenceList(context: Context, evidence: AttemptEnd['evidence']): HTMLElement {
  const rows = evidence.map(({ uri, title, startLine, quote }) => () => {
    const link = isWebAddress(uri) ? pageLink(context, uri, title ?? uri) : placeLink(context, uri, startLine);
    return h('div', 'finding', { role: 'listitem' }, link, quote !== undefined && h('q', '', {}, showControls(quote)));
  });
  return foldedRows(rows, 'findings');
}

function chevronLine(text: string): HTMLButtonElement {
  const first = h('span', 'first', {}, showControls(text));
  return button('thought', {}, () => undefined, icon('chevron-right', 'chevron'), first);
}

/** A remark in the flow: a note, a fresh attempt, what went out of view, why the answer was asked for. */
export function remarkView(
  context: Context,
  item: Exclude<Parameters<typeof describeItem>[0], Fork | AttemptEnd>,
): ItemView {
  const kind = item.kind === 'note' ? 'item note' : item.kind === 'attempt' ? 'item request section' : 'item request';
  const { icon: name, text, body } = foldedNote(describeItem(item));
  const shown = showControls(text);
  if (body === undefined) {
    return still(
      h(
        'article',
        kind,
        label(item.kind === 'note' ? `Note: ${text}` : text),
        icon(name),
        h('p', item.kind === 'note' ? 'asked' : 'remark', {}, shown),
      ),
    );
  }
  const line = chevronLine(text);
  const parts = disclosure(context, `m${item.seq}`, false, line, () => [foldedText(body, { className: 'output' })]);
  const undo = item.kind === 'restore' && item.files.length > 0 && undoButton(context, item);
  const element = h('article', kind, label(text), icon(name), h('div', 'column', {}, line, undo, parts.body));
  return { element, update: () => undefined, toggle: (open = !parts.isOpen()) => parts.set(open) };
}

/** Files were put back: the way to what was there before. The host asks. */
function undoButton({ view, post, announce }: Context, { checkpoint }: Restored): HTMLButtonElement {
  const title = 'Bring back what was there before these files were put back';
  const undo = () => {
    const { runId } = view();
    if (runId === null || !canRestore(view())) announce('No files of this run can be put back here');
    else post({ type: 'restoreFiles', runId, to: { kind: 'beforeRestore', restore: checkpoint } });
  };
  return button('link-button', { title }, undo, 'Undo this…');
}

/** Lines of a note that stand there by themselves. */
const noteLines = 2;

/** A long note shows its first line: what is said when files are put back names them all. */
function foldedNote(remark: Remark): Remark {
  const [first = '', ...rest] = remark.text.split('\n');
  return rest.length < noteLines ? remark : { ...remark, text: first, body: remark.body ?? rest.join('\n') };
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
    const line = chevronLine('Details');
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
