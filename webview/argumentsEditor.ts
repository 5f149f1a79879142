/** Edits the arguments of a call that waits for approval, in place. */
import type { Call } from '../src/shared/trajectory.ts';
import { h, setText } from './dom.ts';
import type { EditableArguments, EditedArguments } from './editedArguments.ts';
import { editableArguments } from './editedArguments.ts';
import { growingTextArea } from './ui.ts';

export interface ArgumentsEditor {
  readonly element: HTMLElement;
  readonly isOpen: () => boolean;
  /** Opens with a call's arguments, or with what was typed of them before. */
  readonly open: (call: Call, typed?: string) => void;
  readonly focus: () => void;
  readonly close: () => void;
  /** What the text amounts to; a problem is said below it, and the text keeps the focus. */
  readonly read: () => EditedArguments;
  /** Whether the event comes from the text. */
  readonly has: (event: Event) => boolean;
}

/** Makes the editor, closed. `keep` gets each changed text. */
export function createArgumentsEditor(keep: (text: string) => void): ArgumentsEditor {
  const area = growingTextArea('Arguments', 3, 16);
  const problem = h('p', 'problem', { role: 'alert' });
  const keys = h('p', 'remark', {}, 'Ctrl+Enter allows it as edited, Esc leaves the text as it is, e goes back to it.');
  const element = h('div', 'arguments-editor', {}, area, problem, keys);
  const now: { editable: EditableArguments | undefined } = { editable: undefined };
  element.hidden = true;
  area.addEventListener('input', ({ isTrusted }) => {
    setText(problem, '');
    if (isTrusted) keep(area.value);
  });
  return {
    element,
    isOpen: () => now.editable !== undefined,
    open: (call, typed) => {
      const editable = editableArguments(call);
      now.editable = editable;
      setText(problem, '');
      element.hidden = false;
      area.value = typed ?? editable.text;
      requestAnimationFrame(() => {
        area.ariaLabel = `Edit the ${editable.name}`;
        area.control.spellcheck = false;
        area.dispatchEvent(new Event('input'));
      });
    },
    focus: () => requestAnimationFrame(() => area.focus()),
    close: () => {
      now.editable = undefined;
      element.hidden = true;
    },
    read: () => {
      const result = now.editable?.read(area.value) ?? { kind: 'same' };
      setText(problem, result.kind === 'problem' ? result.message : '');
      if (result.kind === 'problem') area.focus();
      return result;
    },
    has: (event) => event.target === area,
  };
}
