/** The plan as rows to edit: change, add, remove, and move up or down. */
import type { PlanItem } from '../src/shared/plan.ts';
import { button, h } from './dom.ts';
import { growingTextArea, iconButton, textButton, type TextArea } from './ui.ts';

export interface PlanEditor {
  readonly element: HTMLElement;
  /** Opens with these items; what was typed before, as `kept` gave it, goes before them. */
  readonly open: (items: readonly PlanItem[], typed?: string) => void;
}

interface Row {
  /** 0: new. */
  readonly id: number;
  readonly input: TextArea;
  readonly element: HTMLElement;
}

export interface PlanEditing {
  readonly save: (items: readonly PlanItem[]) => void;
  readonly cancel: () => void;
  /** Gets the rows as one text whenever they change. */
  readonly kept: (text: string) => void;
  readonly announce: (text: string) => void;
}

/** Makes the editor. Ctrl+Enter saves, Escape leaves, Alt+Up and Alt+Down move, Enter goes on to the next row. */
export function createPlanEditor({ save, cancel, kept, announce }: PlanEditing): PlanEditor {
  const list = h('div', 'plan-rows', { role: 'list', 'aria-label': 'Items of the plan' });
  const now: { rows: readonly Row[] } = { rows: [] };

  const items = () => now.rows.map(({ id, input }) => ({ id, text: input.value.trim() })).filter(({ text }) => text);
  const keep = () => kept(now.rows.map(({ id, input }) => `${id}\t${input.value.replace(/\s+/g, ' ')}`).join('\n'));
  const draw = (rows: readonly Row[]) => {
    now.rows = rows;
    list.replaceChildren(...rows.map(({ element }) => element));
    // A text grows to its lines once it is in the page.
    requestAnimationFrame(() => {
      for (const { input } of rows) input.dispatchEvent(new Event('input'));
    });
    keep();
  };
  const focus = (row: Row | undefined) => row?.input.focus();
  const makeRow = ({ id, text }: PlanItem): Row => {
    const input = growingTextArea('Sub-question', 1, 4);
    input.placeholder = 'A sub-question';
    input.value = text;
    const row: Row = {
      id,
      input,
      element: h(
        'div',
        'plan-row',
        { role: 'listitem' },
        input,
        iconButton('arrow-up', 'Move up', () => move(row, -1)),
        iconButton('arrow-down', 'Move down', () => move(row, 1)),
        iconButton('trash', 'Remove', () => remove(row)),
      ),
    };
    input.addEventListener('input', ({ isTrusted }) => {
      if (isTrusted) keep();
    });
    return row;
  };
  const add = (behind: number) => {
    const row = makeRow({ id: 0, text: '' });
    draw(now.rows.toSpliced(behind, 0, row));
    requestAnimationFrame(() => focus(row));
  };
  const move = (row: Row, by: number) => {
    const from = now.rows.indexOf(row);
    const to = from + by;
    if (to < 0 || to >= now.rows.length) return;
    draw(now.rows.toSpliced(from, 1).toSpliced(to, 0, row));
    focus(row);
    announce(`Item ${to + 1} of ${now.rows.length}`);
  };
  const remove = (row: Row) => {
    const at = now.rows.indexOf(row);
    draw(now.rows.toSpliced(at, 1));
    focus(now.rows[Math.min(at, now.rows.length - 1)]);
  };
  const element = h('div', 'plan-editor', { role: 'group', 'aria-label': 'Edit the plan' });
  element.append(
    list,
    button('link-button plan-add', {}, () => add(now.rows.length), 'Add an item'),
    h(
      'div',
      'actions',
      {},
      textButton('Save', () => save(items()), { primary: true, keys: 'Ctrl+↵', name: 'Save the plan' }),
      textButton('Cancel', cancel, { keys: 'Esc', name: 'Leave the plan as it is' }),
    ),
  );
  element.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const at = now.rows.findIndex(({ input }) => input === event.target);
    const act = keyAction(event, at);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  const keyAction = (event: KeyboardEvent, at: number): (() => void) | undefined => {
    const row = now.rows[at];
    if (event.key === 'Escape') return cancel;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return () => save(items());
    if (!row) return undefined;
    if (event.altKey && event.key === 'ArrowUp') return () => move(row, -1);
    if (event.altKey && event.key === 'ArrowDown') return () => move(row, 1);
    if (event.key !== 'Enter') return undefined;
    return at === now.rows.length - 1 ? () => add(now.rows.length) : () => focus(now.rows[at + 1]);
  };
  return {
    element,
    open: (planned, typed) => {
      const rows = (typed === undefined ? planned : readRows(typed)).map(makeRow);
      draw(rows.length > 0 ? rows : [makeRow({ id: 0, text: '' })]);
      requestAnimationFrame(() => focus(now.rows[0]));
    },
  };
}

function readRows(typed: string): readonly PlanItem[] {
  return typed.split('\n').map((line) => {
    const tab = line.indexOf('\t');
    return { id: Number(line.slice(0, tab)) || 0, text: line.slice(tab + 1) };
  });
}
