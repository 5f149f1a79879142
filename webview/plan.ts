/** The plan below the header: sub-questions with their ticks, to be ticked and edited while the run goes on. */
import { settledWords } from '../src/shared/describePlan.ts';
import type { Plan, PlannedItem } from '../src/shared/plan.ts';
import { countOf } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context, Part } from './context.ts';
import { keepDraft, postAboutRun } from './context.ts';
import { button, h, icon, setAttributes, setText } from './dom.ts';
import { createPlanEditor } from './planEditor.ts';
import { iconButton } from './ui.ts';
import type { View } from './view.ts';
import { canSteer } from './view.ts';

export interface PlanPart extends Part {
  /** Puts the focus on it, opened. */
  readonly focus: () => void;
  /** Opens it for editing, where that can be. */
  readonly edit: () => void;
}

/** Makes the part; hidden where a run has no plan. `goToCall` shows the call that brought evidence. */
export function createPlan(context: Context, goToCall: (callId: string) => void): PlanPart {
  const now: { plan?: Plan | undefined; steers: boolean; key: string } = { steers: false, key: '' };
  const runKey = (name: string) => `${context.view().runId ?? ''} ${name}`;
  // Kept over a reload, as what was typed is: the run still waits for the edit then.
  const keepPaused = (by: 'edit' | undefined) => keepDraft(context, runKey('plan paused'), by);
  const words = h('span', 'plan-words');
  const line = button('plan-line', {}, () => setOpen(line.getAttribute('aria-expanded') !== 'true'));
  line.append(icon('chevron-right', 'chevron'), h('span', 'plan-name', {}, 'Plan'), words);
  const editButton = iconButton('edit', 'Edit the plan', () => startEditing());
  const list = h('ul', 'plan-items', { 'aria-label': 'Items of the plan' });
  const editor = createPlanEditor({
    save: (items) => {
      const { runId } = context.view();
      if (runId !== null) context.post({ type: 'editPlan', runId, items });
      stopEditing();
    },
    cancel: () => stopEditing(),
    kept: (text) => keepDraft(context, runKey('plan'), text),
    announce: context.announce,
  });
  const head = h('div', 'plan-head', {}, line, editButton);
  const element = h('section', 'plan', { 'aria-label': 'Plan' }, head, list, editor.element);
  element.hidden = true;
  editor.element.hidden = true;
  element.addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (event.key !== 'e' || !plain || !editor.element.hidden || editButton.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    startEditing();
  });

  const isOpen = () => context.opened.get(runKey('plan')) ?? context.view().live;
  const setOpen = (open: boolean) => {
    context.opened.set(runKey('plan'), open);
    context.remember();
    showOpen();
  };
  const showOpen = () => {
    const editing = !editor.element.hidden;
    setAttributes(line, { 'aria-expanded': isOpen() || editing ? 'true' : 'false' });
    list.hidden = !isOpen() || editing;
  };
  const startEditing = () => {
    if (!now.steers || !editor.element.hidden) return;
    // What is edited holds from the next turn on: until then no turn begins.
    if (!isPaused(context.view())) {
      keepPaused('edit');
      postAboutRun(context, 'pause');
    }
    editor.element.hidden = false;
    editButton.hidden = true;
    editor.open(now.plan?.items ?? [], context.drafts.get(runKey('plan')));
    showOpen();
  };
  const stopEditing = () => {
    keepDraft(context, runKey('plan'), undefined);
    editor.element.hidden = true;
    if (context.drafts.has(runKey('plan paused'))) postAboutRun(context, 'goOn');
    keepPaused(undefined);
    editButton.hidden = !now.steers;
    showOpen();
    line.focus();
  };

  const draw = (plan: Plan) => {
    const open = plan.items.length > 0 ? settledWords(plan) : 'none';
    setText(words, open);
    setAttributes(line, { 'aria-label': `Plan, ${open}` });
    list.replaceChildren(...plan.items.map((item) => row(context, item, now.steers, goToCall)));
  };
  return {
    element,
    focus: () => {
      if (!element.hidden) line.focus();
    },
    edit: startEditing,
    update: (view) => {
      const { plan } = view.trajectory;
      const steers = canSteer(view);
      // Somebody let it go on: the next pause is theirs.
      const isShown = !view.loading && view.trajectory.runId === view.runId;
      if (isShown && editor.element.hidden && !isPaused(view)) keepPaused(undefined);
      const key = `${view.runId ?? ''} ${steers} ${view.live}`;
      if (plan === now.plan && key === now.key) return;
      // The run is another one now, or has ended: nothing of what was typed can be sent.
      if (!editor.element.hidden && (!steers || view.runId !== now.key.split(' ', 1)[0])) {
        editor.element.hidden = true;
      }
      Object.assign(now, { plan, steers, key });
      element.hidden = isHidden(view);
      if (plan) draw(plan);
      editButton.hidden = !steers || !editor.element.hidden;
      showOpen();
    },
  };
}

/** A run that was to make a plan and made none can still be given one. */
function isHidden(view: View): boolean {
  const { plan } = view.trajectory;
  if (!plan || view.loading) return true;
  return plan.items.length === 0 && !canSteer(view);
}

function isPaused({ pausing, trajectory }: View): boolean {
  return pausing || trajectory.state.kind === 'paused';
}

function row(context: Context, item: PlannedItem, steers: boolean, goToCall: (callId: string) => void): HTMLElement {
  const { id, text, done, evidence } = item;
  const tick = () => {
    const { runId } = context.view();
    if (runId !== null) context.post({ type: 'tickPlan', runId, id, done: !done });
  };
  const shown = showControls(text);
  const box = button(
    'plan-item',
    { role: 'checkbox', 'aria-checked': done ? 'true' : 'false', 'aria-disabled': steers ? undefined : 'true' },
    () => {
      if (steers) tick();
    },
    icon(done ? 'pass-filled' : 'circle-large-outline'),
    h('span', 'plan-text', {}, shown),
  );
  const [first] = evidence;
  const count = countOf(evidence.length, 'source');
  const label = `${count} for: ${shown}. Go to the first call`;
  const where = () => {
    if (first) goToCall(first.callId);
  };
  return h(
    'li',
    done ? 'done' : '',
    {},
    box,
    first && button('link-button plan-evidence', { 'aria-label': label.slice(0, 300) }, where, count),
  );
}
