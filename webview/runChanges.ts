/** What the run shown changed in the workspace, on one line above the box: to be reviewed, or undone. */
import { countOf } from '../src/shared/quantities.ts';
import type { Context, Part } from './context.ts';
import { postAboutRun } from './context.ts';
import { button, h, icon, setText } from './dom.ts';
import { canRestore, changedCount } from './restoring.ts';

/** Makes the line; there only for a run that changed files. */
export function createRunChanges(context: Context): Part {
  const count = h('span', 'changes-count');
  const review = button('link-button', {}, () => postAboutRun(context, 'showChanges'), 'Review');
  const undo = button('link-button', {}, () => undoAll(context), 'Undo all…');
  const separator = h('span', 'separator', { 'aria-hidden': 'true' }, '·');
  const actions = h('span', 'changes-actions', {}, review, separator, undo);
  const element = h('div', 'run-changes', { role: 'group' }, icon('diff-multiple'), count, actions);
  element.hidden = true;
  return {
    element,
    update: (view) => {
      const files = changedCount(view);
      element.hidden = files === 0;
      if (files === 0) return;
      const words = `${countOf(files, 'file')} changed`;
      setText(count, words);
      element.setAttribute('aria-label', `${words} by this run`);
      undo.hidden = !canRestore(view);
      separator.hidden = undo.hidden;
    },
  };
}

/** Asks the host to put everything back to before the run; it asks the person. */
export function undoAll({ view, post }: Context): void {
  const { runId } = view();
  if (runId !== null) post({ type: 'restoreFiles', runId, to: { kind: 'start' } });
}
