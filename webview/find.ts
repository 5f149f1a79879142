/** Find in the transcript, folded text included. */
import { describeItem, describeRollback } from '../src/shared/describeItem.ts';
import type { Item } from '../src/shared/trajectory.ts';
import type { Context } from './context.ts';
import { h, setText } from './dom.ts';
import { iconButton, textField } from './ui.ts';

export interface Find {
  readonly element: HTMLElement;
  readonly open: () => void;
}

/** Makes the bar. `reveal` brings an item into view. */
export function createFind(context: Context, reveal: (seq: number, query: string) => void, close: () => void): Find {
  const field = textField('Find in this run', 'Find in this run');
  const count = h('span', 'count', { role: 'status' });
  const now: { query: string; found: readonly number[]; at: number } = { query: '', found: [], at: -1 };

  const search = () => {
    now.query = field.value.trim().toLowerCase();
    const items = context.view().trajectory.items;
    now.found =
      now.query === ''
        ? []
        : items.filter((item) => textOf(item).toLowerCase().includes(now.query)).map(({ seq }) => seq);
    now.at = -1;
    setText(count, now.query === '' ? '' : now.found.length === 0 ? 'None' : `${now.found.length}`);
  };
  const step = (by: number) => {
    if (field.value.trim().toLowerCase() !== now.query) search();
    if (now.found.length === 0) return;
    now.at = (now.at + by + now.found.length) % now.found.length;
    setText(count, `${now.at + 1} of ${now.found.length}`);
    const seq = now.found[now.at];
    if (seq !== undefined) reveal(seq, now.query);
  };
  const hide = () => {
    element.hidden = true;
    close();
  };
  const element = h('div', 'find', { role: 'search' }, field, count);
  element.append(
    iconButton('arrow-up', 'Previous', () => step(-1)),
    iconButton('arrow-down', 'Next', () => step(1)),
    iconButton('close', 'Close find', hide),
  );
  element.hidden = true;
  field.addEventListener('input', search);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
    else if (event.key === 'Enter' && event.target === field) step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    element,
    open: () => {
      element.hidden = false;
      field.focus();
    },
  };
}

/** All that a person can read of an item. */
function textOf(item: Item): string {
  switch (item.kind) {
    case 'question':
      return item.question;
    case 'turn':
      return [
        item.reasoning,
        item.content,
        ...item.calls.flatMap(({ arguments: args, requested, content }) => [
          JSON.stringify(args),
          requested && JSON.stringify(requested),
          content,
        ]),
        ...item.mended,
        item.undone && describeRollback(item.undone.kind, item.undone.reason),
      ].join('\n');
    case 'rolledBack':
      return `${describeRollback(item.rollback, item.reason)}\n${item.reply}`;
    case 'note':
    case 'attempt':
    case 'attemptEnd':
    case 'narrowed':
    case 'window':
    case 'format':
    case 'changed':
    case 'fork':
    case 'restore':
    case 'checkpointFailed':
    case 'answerRequest':
    case 'reportRequest': {
      const { text, body = '' } = describeItem(item);
      return `${text}\n${body}`;
    }
    case 'answer':
      return `${item.boxed}\n${item.text}`;
    case 'end':
      return item.message ?? '';
  }
}
