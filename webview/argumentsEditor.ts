/** Edits the arguments of a call that waits for approval, in place. */
import type { Call } from '../src/shared/trajectory.ts';
import { h, setText } from './dom.ts';
import type { EditableArguments, EditedArguments } from './editedArguments.ts';
import { editableArguments } from './editedArguments.ts';
import { growingTextArea } from './ui.ts';

export interface ArgumentsEditor {
  readonly element: HTMLElement;
  readonly isOpen: () => boolean;
  /** Opens with a call's arguments and takes the focus. */
  readonly open: (call: Call) => void;
  readonly close: () => void;
  /** What the text amounts to; a problem is said below it, and the text keeps the focus. */
  readonly read: () => EditedArguments;
  /** Whether the event comes from the text. */
  readonly has: (event: Event) => boolean;
}

/** Makes the editor, closed. */
export function createArgumentsEditor(): ArgumentsEditor {
  const area = growingTextArea('Arguments', 3, 16);
  const problem = h('p', 'problem', { role: 'alert' });
  const keys = h('p', 'remark', {}, 'Ctrl+Enter allows it as edited, Esc leaves the text.');
  const element = h('div', 'arguments-editor', {}, area, problem, keys);
  const now: { editable: EditableArguments | undefined } = { editable: undefined };
  element.hidden = true;
  area.addEventListener('input', () => setText(problem, ''));
  return {
    element,
    isOpen: () => now.editable !== undefined,
    open: (call) => {
      const editable = editableArguments(call);
      now.editable = editable;
      setText(problem, '');
      element.hidden = false;
      area.value = editable.text;
      requestAnimationFrame(() => {
        area.ariaLabel = `Edit the ${editable.name}`;
        area.control.spellcheck = false;
        area.dispatchEvent(new Event('input'));
        area.focus();
      });
    },
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
