/** The transcript: a feed of articles, one per item, drawn anew only where an item changed. */
import type { Item, Trajectory } from '../src/shared/trajectory.ts';
import { answerView } from './answer.ts';
import type { Context, Part } from './context.ts';
import { h } from './dom.ts';
import type { ItemView } from './items.ts';
import { attemptEndView, endView, forkView, questionView, remarkView, rolledBackView } from './items.ts';
import { turnView } from './turn.ts';
import type { View } from './view.ts';

export interface Transcript extends Part {
  /** The articles in order. */
  readonly articles: () => readonly HTMLElement[];
  /** Opens or closes all that an article folds; `open` says which. */
  readonly toggle: (article: Element, open?: boolean) => void;
  /** The article of an item. */
  readonly find: (seq: number) => HTMLElement | undefined;
}

/** Makes an empty transcript. */
export function createTranscript(context: Context): Transcript {
  const element = h('div', 'feed', { role: 'feed', 'aria-label': 'Trajectory' });
  const drawn = new Map<string, { item: Item; readonly view: ItemView }>();
  const shown: { runId: string | null } = { runId: null };

  const update = (view: View) => {
    if (view.runId !== shown.runId) {
      shown.runId = view.runId;
      drawn.clear();
      element.replaceChildren();
    }
    setBusy(element, view.loading !== undefined);
    if (view.loading) return;
    const items = itemsOf(view.trajectory);
    dropStale(drawn, items);
    for (const item of items) {
      const earlier = drawn.get(keyOf(item));
      if (earlier && isSame(earlier.item, item)) continue;
      if (earlier && earlier.item.kind === 'turn' && item.kind === 'turn') {
        earlier.view.update(item);
        earlier.item = item;
        continue;
      }
      const made = makeItem(context, item, view.trajectory);
      if (earlier) earlier.view.element.replaceWith(made.element);
      else element.append(made.element);
      drawn.set(keyOf(item), { item, view: made });
      setPosition(made.element, drawn.size);
    }
    element.dataset['questions'] = String(items.filter(({ kind }) => kind === 'question').length);
  };

  return {
    element,
    update,
    articles: () => [...drawn.values()].map(({ view }) => view.element),
    toggle: (article, open) => [...drawn.values()].find(({ view }) => view.element === article)?.view.toggle(open),
    find: (seq) => [...drawn.values()].find(({ item }) => item.seq === seq)?.view.element,
  };
}

/** One fact may bring several items: a fork, and what it goes on with. */
function keyOf({ seq, kind }: Item): string {
  return `${seq} ${kind}`;
}

/** The items, and an end for a run that stopped without one. */
function itemsOf({ items, state, count }: Trajectory): readonly Item[] {
  const newest = items.findLast(({ kind }) => kind !== 'restore' && kind !== 'checkpointFailed' && kind !== 'note');
  if (state.kind !== 'ended' || newest?.kind === 'end') return items;
  const { since, reason, message } = state;
  return [...items, { kind: 'end', seq: count, at: since, reason, ...(message !== undefined && { message }) }];
}

/** Takes away what is there no more: the stand-in for an end, once a resumed run goes on. */
function dropStale(drawn: Map<string, { item: Item; readonly view: ItemView }>, items: readonly Item[]): void {
  const newest = [...drawn.keys()].at(-1);
  if (newest === undefined) return;
  const item = drawn.get(newest);
  if (item?.item.kind !== 'end' || items.some((other) => keyOf(other) === newest)) return;
  item.view.element.remove();
  drawn.delete(newest);
}

/** The fold shares what did not change; the stand-in for an end is made anew each time. */
function isSame(a: Item, b: Item): boolean {
  return a === b || (a.kind === 'end' && b.kind === 'end' && a.reason === b.reason && a.message === b.message);
}

function makeItem(context: Context, item: Item, trajectory: Trajectory): ItemView {
  switch (item.kind) {
    case 'question':
      return questionView(item);
    case 'turn':
      return turnView(context, item);
    case 'rolledBack':
      return rolledBackView(context, item);
    case 'note':
    case 'attempt':
    case 'narrowed':
    case 'window':
    case 'format':
    case 'changed':
    case 'restore':
    case 'checkpointFailed':
    case 'answerRequest':
    case 'reportRequest':
      return remarkView(context, item);
    case 'attemptEnd':
      return attemptEndView(context, item);
    case 'fork':
      return forkView(context, item);
    case 'answer':
      return answerView(context, item);
    case 'end': {
      const asked = trajectory.items.findLast((other) => other.kind === 'question' && other.seq < item.seq);
      return endView(context, item, item.at - (asked?.at ?? item.at));
    }
  }
}

function setPosition(element: HTMLElement, position: number): void {
  element.setAttribute('aria-posinset', String(position));
  element.setAttribute('aria-setsize', '-1');
}

function setBusy(element: HTMLElement, busy: boolean): void {
  if (busy) element.setAttribute('aria-busy', 'true');
  else element.removeAttribute('aria-busy');
}
