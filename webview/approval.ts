/** The approval: docked above the box, keyboard first. Nothing is allowed unless the keyboard's focus is in it. */
import type { Call } from '../src/shared/trajectory.ts';
import type { CallKind } from '../src/shared/describeCall.ts';
import { describeCall } from '../src/shared/describeCall.ts';
import { findCall } from '../src/shared/describeState.ts';
import { showControls } from '../src/shared/visibleText.ts';
import { createArgumentsEditor } from './argumentsEditor.ts';
import { callLabel } from './call.ts';
import type { Context, Part } from './context.ts';
import { keepDraft } from './context.ts';
import { h, icon, setAttributes, setText } from './dom.ts';
import { inlineCode } from './inlineCode.ts';
import { intent } from './observation.ts';
import { iconButton, textButton, textField } from './ui.ts';

export interface ApprovalDock extends Part {
  /** Puts the focus in, if something waits. */
  readonly focus: () => void;
}

type Decision = 'once' | 'run' | 'deny';

/** What is asked where the block below says the rest. */
const questions: Readonly<Partial<Record<CallKind, string>>> = {
  command: 'Run this command?',
  python: 'Run this Python?',
  write: 'Write this file?',
  edit: 'Make this edit?',
  cell: 'Change this notebook?',
  delete: 'Delete this?',
};

/** A key pressed while the dock appears was meant for something else. */
const graceMs = 400;

/** Makes the dock; it is hidden while nothing waits for a person. */
export function createApproval(context: Context): ApprovalDock {
  const title = h('p', 'title');
  const reason = h('p', 'remark reason');
  const scope = h('p', 'remark scope');
  const what = h('div', 'what-waits');
  const draftKey = () => `edit ${context.view().runId ?? ''} ${pending.call?.callId ?? ''}`;
  const editor = createArgumentsEditor((text) => keepDraft(context, draftKey(), text));
  const note = textField('Note to the model', 'Note to the model (optional)');
  const pending: { call?: Call; askedAt?: number; decided: boolean; since: number } = { decided: false, since: 0 };

  const decide = (decision: Decision) => {
    const { runId } = context.view();
    const { call } = pending;
    if (!call || runId === null || pending.decided || performance.now() - pending.since < graceMs) return;
    if (decision === 'run' && forRun.hidden) return;
    const read = decision === 'deny' ? undefined : editor.read();
    if (read?.kind === 'problem') return;
    const said = note.value.trim();
    const edited = read?.kind === 'edited' && { arguments: read.arguments };
    context.post({ type: 'approve', runId, callId: call.callId, decision, ...(said && { note: said }), ...edited });
    pending.decided = true;
    element.hidden = true;
    // An edit that is not taken is asked about again, with its text.
    if (!edited) keepDraft(context, draftKey(), undefined);
  };
  const setEditing = (editing: boolean) => {
    const label = editing ? 'Drop the edit' : 'Edit the arguments';
    setAttributes(edit, { 'aria-label': label, title: `${label} (e)` });
    edit.replaceChildren(icon(editing ? 'discard' : 'edit'));
    what.hidden = editing;
    element.classList.toggle('editing', editing);
    if (editing && pending.call) editor.open(pending.call, context.drafts.get(draftKey()));
    else editor.close();
  };
  const startEditing = () => {
    if (!editor.isOpen()) setEditing(true);
    editor.focus();
  };
  const edit = iconButton('edit', 'Edit the arguments', () => {
    if (!editor.isOpen()) {
      startEditing();
      return;
    }
    keepDraft(context, draftKey(), undefined);
    setEditing(false);
    element.focus();
  });
  const once = textButton('Allow once', () => decide('once'), { primary: true, keys: '↵' });
  const forRun = textButton('For this run', () => decide('run'), { keys: '⇧↵' });
  const buttons = h(
    'div',
    'actions',
    {},
    once,
    forRun,
    textButton('Deny', () => decide('deny'), { keys: 'Esc' }),
  );
  const element = h('section', 'approval', { role: 'group', 'aria-label': 'Approval', tabindex: -1 });
  element.append(
    h('div', 'approval-head', {}, icon('question'), h('div', 'column', {}, title, reason, scope), edit),
    what,
    editor.element,
    note,
    buttons,
  );
  element.hidden = true;
  element.addEventListener('keydown', (event) => {
    const editing = editor.has(event);
    if (event.key === 'e' && event.target === element && isPlain(event)) {
      event.preventDefault();
      event.stopPropagation();
      startEditing();
      return;
    }
    if (editing && event.key === 'Escape' && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      // A second press of a quick hand is no refusal.
      pending.since = performance.now();
      element.focus();
      context.announce('The edit is kept. Escape denies the call, e goes back to the edit');
      return;
    }
    const decision = editing ? decisionInText(event) : decisionOf(event, note);
    if (!decision && event.key === 'Enter' && event.target === note)
      buttons.querySelector<HTMLElement>('vscode-button')?.focus();
    if (!decision) return;
    event.preventDefault();
    event.stopPropagation();
    decide(decision);
  });

  const showScope = (words: string) => {
    forRun.hidden = words === '';
    scope.hidden = words === '';
    setAttributes(forRun, { 'aria-label': `Allow for this run: ${words.replaceAll('`', '')}` });
    scope.replaceChildren('For this run: ', ...inlineCode(words), '.');
  };
  const show = (call: Call, why: string, askedAt: number) => {
    pending.call = call;
    pending.askedAt = askedAt;
    pending.decided = false;
    pending.since = performance.now();
    const { kind, verb, target } = describeCall(call);
    const blocks = intent(context, call, kind);
    setText(title, questions[kind] ?? `${verb} ${showControls(target)}?`.replace(' ?', '?'));
    reason.replaceChildren(...inlineCode(why));
    showScope(call.approval?.scope ?? `\`${call.tool}\`, whatever it is given`);
    what.replaceChildren(...blocks);
    setEditing(context.drafts.has(draftKey()));
    note.value = '';
    element.hidden = false;
    context.announce(`Waiting for you. Allow ${callLabel(call)}? ${why.replaceAll('`', '')}`, 'assertive');
    if (document.activeElement === null || document.activeElement === document.body) element.focus();
  };
  return {
    element,
    focus: () => {
      if (!element.hidden) element.focus();
    },
    update: (view) => {
      const { state } = view.trajectory;
      const call = state.kind === 'approving' ? findCall(view.trajectory, state.callId) : undefined;
      if (!call || state.kind !== 'approving' || !view.live || view.readOnly !== undefined || view.loading) {
        if (pending.decided && state.kind !== 'approving') keepDraft(context, draftKey(), undefined);
        delete pending.call;
        element.hidden = true;
      } else if (pending.call?.callId !== call.callId || pending.askedAt !== state.since) {
        show(call, state.reason, state.since);
      }
    },
  };
}

/** Enter on a button is the button's own; anywhere else in the dock it allows. */
function decisionOf(event: KeyboardEvent, note: HTMLElement): Decision | undefined {
  if (!isPlain(event)) return undefined;
  if (event.key === 'Escape') return 'deny';
  const onControl = event.target !== event.currentTarget && event.target !== note;
  // A note is mostly a reason to refuse: Enter in it decides nothing.
  if (event.key !== 'Enter' || onControl || event.target === note) return undefined;
  return event.shiftKey ? 'run' : 'once';
}

/** In a text Enter is a line: only with Ctrl (or Cmd) it allows. */
function decisionInText(event: KeyboardEvent): Decision | undefined {
  if (event.isComposing || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return undefined;
  return event.shiftKey ? 'run' : 'once';
}

function isPlain({ isComposing, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !isComposing && !ctrlKey && !metaKey && !altKey;
}
