/** The header's menu. */
import type { Context, Part } from './context.ts';
import { postAboutRun } from './context.ts';
import { button, h, icon, setAttributes } from './dom.ts';
import { canRestore, changedCount } from './restoring.ts';
import { undoAll } from './runChanges.ts';
import type { View } from './view.ts';
import { canStart, canSteer } from './view.ts';

/** What the menu does elsewhere in the panel. */
export interface MenuActions {
  readonly goToAnswer: () => void;
  readonly showKeys: () => void;
  readonly forkFromQuestion: () => void;
}

type Simple = 'newQuestion' | 'showRuns' | 'openInEditor' | 'connect' | 'openSettings';

interface Entry {
  readonly icon: string;
  readonly label: string;
  readonly run: () => void;
  readonly visible: (view: View) => boolean;
}

/** A button and its menu: arrows move, Enter chooses, Escape closes. */
export function createMenu(context: Context, actions: MenuActions): Part {
  const items = h('div', 'menu', { role: 'menu', 'aria-label': 'More' });
  items.hidden = true;
  const opener = button(
    'icon-button',
    { title: 'More', 'aria-label': 'More', 'aria-haspopup': 'menu' },
    () => set(items.hidden !== false),
    icon('ellipsis'),
  );
  const element = h('div', 'menu-place', {}, opener, items);
  const buttons = (): readonly HTMLButtonElement[] => [...items.querySelectorAll('button')];

  const set = (open: boolean) => {
    items.hidden = !open;
    setAttributes(opener, { 'aria-expanded': open ? 'true' : 'false' });
    if (!open) return;
    items.replaceChildren(
      ...entries(context, actions)
        .filter(({ visible }) => visible(context.view()))
        .map((entry) => row(entry, () => set(false))),
    );
    buttons()[0]?.focus();
  };
  element.addEventListener('keydown', (event) => {
    if (items.hidden) return;
    const all = buttons();
    const at = all.findIndex((one) => one === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) all.at(to >= all.length ? 0 : to)?.focus();
    else if (event.key === 'Escape') {
      set(false);
      opener.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) set(false);
  });
  return { element, update: () => undefined };
}

function row({ icon: name, label, run }: Entry, close: () => void): HTMLButtonElement {
  return button(
    'menu-item',
    { role: 'menuitem', tabindex: -1 },
    () => {
      close();
      run();
    },
    icon(name),
    label,
  );
}

function entries(context: Context, { goToAnswer, showKeys, forkFromQuestion }: MenuActions): readonly Entry[] {
  const simple = (type: Simple) => () => context.post({ type });
  const answered = ({ trajectory }: View) => trajectory.items.some(({ kind }) => kind === 'answer');
  const changed = (view: View) => changedCount(view) > 0;
  const always = () => true;
  return [
    {
      icon: 'sparkle',
      label: 'Answer now',
      run: () => {
        postAboutRun(context, 'answerNow');
        context.announce('Asking for the answer, from what there is');
      },
      visible: (view) => canSteer(view) && view.trajectory.asked !== 'answer',
    },
    { icon: 'flag', label: 'Go to the answer', run: goToAnswer, visible: answered },
    { icon: 'copy', label: 'Copy the answer', run: () => postAboutRun(context, 'copyAnswer'), visible: answered },
    {
      icon: 'export',
      label: 'Export as Markdown',
      run: () => postAboutRun(context, 'exportMarkdown'),
      visible: always,
    },
    {
      icon: 'diff-multiple',
      label: 'Review the changes',
      run: () => postAboutRun(context, 'showChanges'),
      visible: changed,
    },
    {
      icon: 'checklist',
      label: 'Keep only some changes…',
      run: () => postAboutRun(context, 'keepSomeChanges'),
      visible: (view) => changed(view) && canRestore(view),
    },
    { icon: 'discard', label: 'Restore files to a turn…', run: () => restorePicked(context), visible: canRestore },
    {
      icon: 'clear-all',
      label: 'Undo all changes…',
      run: () => undoAll(context),
      visible: (view) => changed(view) && canRestore(view),
    },
    {
      icon: 'repo-forked',
      label: 'Fork from the question…',
      run: forkFromQuestion,
      visible: (view) => canStart(view) && !view.loading && view.trajectory.items[0]?.kind === 'question',
    },
    { icon: 'add', label: 'New question', run: simple('newQuestion'), visible: always },
    { icon: 'history', label: 'Past runs', run: simple('showRuns'), visible: always },
    {
      icon: 'link-external',
      label: 'Open in an editor tab',
      run: simple('openInEditor'),
      visible: ({ setup }) => setup?.place !== 'editor',
    },
    { icon: 'plug', label: 'Connect a model server', run: simple('connect'), visible: always },
    { icon: 'settings-gear', label: 'Settings', run: simple('openSettings'), visible: always },
    { icon: 'keyboard', label: 'Keys', run: showKeys, visible: always },
  ];
}

function restorePicked({ view, post }: Context): void {
  const { runId } = view();
  if (runId !== null) post({ type: 'restoreFiles', runId, to: { kind: 'picked' } });
}
