/** Questions back to the person before the research: docked above the box like an approval, a field each. */
import { showControls } from '../src/shared/visibleText.ts';
import type { Context, Part } from './context.ts';
import { keepDraft } from './context.ts';
import { h, icon } from './dom.ts';
import { textButton, textField, type TextField } from './ui.ts';

export interface ClarificationDock extends Part {
  /** Puts the focus in; false when nothing is asked. */
  readonly focus: () => boolean;
}

/** Escape pressed while the dock appears was meant for something else. */
const graceMs = 400;

/** Makes the dock; it is hidden while the run asks nothing. */
export function createClarification(context: Context): ClarificationDock {
  const fields = h('div', 'clarify-fields');
  const now: { questions: readonly string[]; inputs: readonly TextField[]; key: string; sent: boolean; since: number } =
    {
      ...{ questions: [], inputs: [], key: '', sent: false, since: 0 },
    };
  const draftKey = (index: number) => `clarify ${now.key} ${index}`;

  const send = (answers: readonly string[]) => {
    const { runId } = context.view();
    if (runId === null || now.sent) return;
    context.post({ type: 'clarify', runId, answers });
    now.sent = true;
    element.hidden = true;
    for (const index of now.questions.keys()) keepDraft(context, draftKey(index), undefined);
  };
  const answer = () => send(now.inputs.map(({ value }) => value.trim()));
  const skip = () => send([]);

  const title = h('p', 'title', {}, 'Before the research starts');
  const reason = h('p', 'remark reason', {}, 'Leave open what does not matter.');
  const actions = h(
    'div',
    'actions',
    {},
    textButton('Answer', answer, { primary: true, keys: '↵' }),
    textButton('Skip', skip, { keys: 'Esc', name: 'Skip these questions' }),
  );
  const element = h('section', 'clarification', {
    ...{ role: 'group', 'aria-label': 'Questions before the research', tabindex: -1 },
  });
  const head = h('div', 'approval-head', {}, icon('question'), h('div', 'column', {}, title, reason));
  element.append(head, fields, actions);
  element.hidden = true;
  element.addEventListener('keydown', (event) => {
    if (event.isComposing || event.altKey || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    const at = now.inputs.findIndex((input) => input === event.target);
    const onButton = at < 0 && event.target !== element;
    if (onButton && event.key === 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') escape(at);
    else if (at < 0) now.inputs[0]?.focus();
    else if (at === now.inputs.length - 1 || event.ctrlKey || event.metaKey) answer();
    else now.inputs[at + 1]?.focus();
  });
  /** What was typed is not thrown away by one key. */
  const escape = (at: number) => {
    if (at < 0 || now.inputs.every(({ value }) => value.trim() === '')) {
      if (performance.now() - now.since >= graceMs) skip();
      return;
    }
    now.since = performance.now();
    element.focus();
    context.announce('The answers are kept. Escape skips the questions, Enter goes back to them');
  };

  const show = (questions: readonly string[], key: string) => {
    Object.assign(now, { questions, key, sent: false, since: performance.now() });
    now.inputs = questions.map((question, index) => {
      const input = textField(question, 'Your answer');
      input.append(showControls(question));
      input.value = context.drafts.get(draftKey(index)) ?? '';
      input.addEventListener('input', ({ isTrusted }) => {
        if (isTrusted) keepDraft(context, draftKey(index), input.value);
      });
      return input;
    });
    fields.replaceChildren(...now.inputs);
    element.hidden = false;
    context.announce(`Waiting for you. ${questions.join(' ')}`, 'assertive');
    if (document.activeElement === null || document.activeElement === document.body) element.focus();
  };
  return {
    element,
    focus: () => {
      if (!element.hidden) now.inputs[0]?.focus();
      return !element.hidden;
    },
    update: (view) => {
      const { state, items } = view.trajectory;
      if (state.kind !== 'clarifying' || !view.live || view.readOnly !== undefined || view.loading) {
        element.hidden = true;
        now.key = '';
        return;
      }
      const asked = items.findLast((item) => item.kind === 'question')?.seq ?? 0;
      const key = `${view.runId ?? ''} ${asked}`;
      if (key !== now.key) show(state.questions, key);
    },
  };
}
