/** One turn: its number, the first line of its thought, and its calls. */
import { describeRollback } from '../src/shared/describeItem.ts';
import { splitThought } from '../src/shared/thought.ts';
import { formatDuration, formatTokens } from '../src/shared/quantities.ts';
import type { Call, Turn } from '../src/shared/trajectory.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { CallView } from './call.ts';
import { callLabel, callView } from './call.ts';
import type { Context } from './context.ts';
import type { Disclosure } from './disclosure.ts';
import { disclosure } from './disclosure.ts';
import { button, h, icon, setChildren } from './dom.ts';
import type { ItemView } from './items.ts';

/** A turn's article. Only the calls that changed are drawn anew. */
export function turnView(context: Context, turn: Turn): ItemView {
  const { thought, text } = splitThought(turn.content, turn.reasoning);
  const whole = [thought, text].filter(Boolean).join('\n\n');
  const thoughtView = whole ? thoughtDisclosure(context, turn, whole) : undefined;
  const calls = new Map<string, { readonly call: Call; readonly view: CallView }>();
  const list = h('div', 'calls');
  const correction = h('p', 'remark');
  const mended = turn.mended.length > 0 && h('p', 'remark mended', { title: mendedWords(turn) }, mendedWords(turn));
  const column = h('div', 'column', {}, thoughtView?.line, thoughtView?.body, list, mended, correction);
  const number = h('span', 'number', { 'aria-hidden': 'true' }, String(turn.turn));
  const element = h('article', 'item turn', { tabindex: -1, 'data-turn': turn.turn }, number, column);
  const disclosures = (): readonly Disclosure[] => [
    ...(thoughtView ? [thoughtView] : []),
    ...[...calls.values()].map(({ view }) => view),
  ];

  const update = (next: Turn) => {
    let focused: CallView | undefined;
    for (const call of next.calls) {
      const before = calls.get(call.callId);
      if (before?.call === call) continue;
      const view = callView(context, call);
      calls.set(call.callId, { call, view });
      if (before?.view.element.contains(document.activeElement)) focused = view;
    }
    setChildren(list, ...[...calls.values()].map(({ view }) => view.element));
    // What is drawn anew keeps the focus that was in it.
    focused?.line.focus({ preventScroll: true });
    list.hidden = calls.size === 0;
    correction.textContent = next.correction === undefined ? '' : `The model was told: ${next.correction}`;
    correction.hidden = next.correction === undefined;
    if (next.undone) showUndone(element, column, next.undone);
    element.setAttribute('aria-label', turnLabel(next, whole));
  };
  update(turn);
  return {
    element,
    update: (item) => {
      if (item.kind === 'turn') update(item);
    },
    toggle: (open = !disclosures().every((one) => one.isOpen())) => {
      for (const one of disclosures()) one.set(open);
    },
  };
}

/** A turn that is not in the prompt any more is greyed, and says why. */
function showUndone(element: HTMLElement, column: HTMLElement, { kind, reason }: NonNullable<Turn['undone']>): void {
  if (element.classList.contains('undone')) return;
  element.classList.add('undone');
  column.append(h('p', 'remark', {}, showControls(describeRollback(kind, reason))));
}

function mendedWords({ mended }: Turn): string {
  return showControls(`Mended: ${mended.join('; ')}`);
}

/** "Turn 36, Run python3 count.py, failed": what a screen reader says of the article. */
function turnLabel(turn: Turn, whole: string): string {
  const first = turn.calls.length > 0 ? turn.calls.map(callLabel) : [firstLine(whole)];
  const undone = turn.undone && `undone: ${turn.undone.reason}`;
  return [`Turn ${turn.turn}`, undone, ...first].filter(Boolean).join(', ').slice(0, 300);
}

function thoughtDisclosure(context: Context, turn: Turn, whole: string): Disclosure {
  const first = firstLine(whole);
  const rest = whole.slice(whole.indexOf(first) + first.length).trim();
  const label = h('span', 'first', {}, plain(first));
  const line = button('thought', {}, () => undefined, icon('chevron-right', 'chevron'), label);
  return disclosure(context, `t${turn.seq}`, false, line, () => [
    ...(rest ? [h('div', 'whole', {}, rest)] : []),
    h('p', 'remark figures', {}, figures(turn)),
  ]);
}

function figures({ usage, durationMs, finishReason }: Turn): string {
  const parts = [
    usage && `${formatTokens(usage.promptTokens)} tokens read`,
    usage?.cachedTokens !== undefined && `${formatTokens(usage.cachedTokens)} of them cached`,
    usage && `${formatTokens(usage.completionTokens)} written`,
    formatDuration(durationMs),
    finishReason === 'length' && 'cut at the length limit',
  ];
  return parts.filter(Boolean).join(' · ');
}

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim())
      ?.trim() ?? ''
  );
}

/** A line without Markdown's marks. */
function plain(line: string): string {
  return line.replace(/^(#+|[-*>]|\d+\.)\s+/, '').replace(/\*\*|`/g, '');
}
