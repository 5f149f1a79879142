/** Keys: one letter each, outside of fields. */
import { h } from './dom.ts';
import { altEnter } from './ui.ts';

/** What the keys do. */
export interface KeyActions {
  readonly next: () => void;
  readonly previous: () => void;
  readonly open: () => void;
  readonly find: () => void;
  readonly answer: () => void;
  /** The context of the turn that has the focus. */
  readonly context: () => void;
  readonly fork: () => void;
  readonly restore: () => void;
  readonly first: () => void;
  readonly approve: () => void;
  readonly plan: () => void;
  readonly box: () => void;
}

const table = [
  ['j', 'Next turn'],
  ['k', 'Previous turn'],
  ['Enter', 'Open or close the turn'],
  ['x', 'Context of the turn: what the model was sent'],
  ['F', 'Fork from the turn'],
  ['R', 'Restore files to the turn'],
  ['f', 'Find in this run'],
  ['g e', 'Go to the answer or the end'],
  ['g g', 'Go to the first turn'],
  ['a', 'Go to what waits for you; in an approval: Enter, Shift+Enter, Esc'],
  ['e', 'Edit the call that waits, in the approval; edit the plan, in the plan'],
  ['p', 'Go to the plan'],
  ['/', 'Go to the box'],
  [altEnter, 'Queue a follow-up question, in the box'],
  ['?', 'Show these keys'],
] as const;

/** Listens for keys on the page and gives the dialog that lists them. */
export function createKeys(actions: KeyActions): { readonly dialog: HTMLDialogElement; readonly showKeys: () => void } {
  const list = h('dl', 'keys');
  for (const [key, text] of table) list.append(h('dt', '', {}, h('kbd', '', {}, key)), h('dd', '', {}, text));
  const dialog = h('dialog', 'keys-dialog', { 'aria-label': 'Keys' }, h('h2', '', {}, 'Keys'), list);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  const showKeys = () => {
    if (!dialog.open) dialog.showModal();
  };
  const prefix = { g: false };
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || dialog.open)
      return;
    const afterG = prefix.g;
    prefix.g = event.key === 'g' && !afterG;
    const run = afterG ? afterPrefix(actions, event.key) : plain(actions, showKeys, event);
    if (!run) return;
    event.preventDefault();
    run();
  });
  return { dialog, showKeys };
}

function afterPrefix(actions: KeyActions, key: string): (() => void) | undefined {
  return { e: actions.answer, g: actions.first }[key];
}

function plain(actions: KeyActions, showKeys: () => void, event: KeyboardEvent): (() => void) | undefined {
  if (event.key === 'Enter') return isArticle(event.target) ? actions.open : undefined;
  return {
    j: actions.next,
    PageDown: isArticle(event.target) ? actions.next : undefined,
    k: actions.previous,
    PageUp: isArticle(event.target) ? actions.previous : undefined,
    f: actions.find,
    x: actions.context,
    F: actions.fork,
    R: actions.restore,
    a: actions.approve,
    p: actions.plan,
    '/': actions.box,
    '?': showKeys,
  }[event.key];
}

function isArticle(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.tagName === 'ARTICLE';
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
