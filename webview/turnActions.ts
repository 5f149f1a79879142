/**
 * What can be done with one turn: see its context, put files back, fork from it. One bar, which goes to the turn under the pointer or the
 * focus. The first question counts as turn 0: a fork from it has no turn yet.
 */
import type { Context } from './context.ts';
import { keepDraft } from './context.ts';
import { button, h, icon, setAttributes, setText } from './dom.ts';
import { canRestore, changedBehind } from './restoring.ts';
import { textButton, textField } from './ui.ts';
import { canStart } from './view.ts';

export interface TurnActions {
  /** Opens what was sent for the turn that has the focus. */
  readonly showContext: () => void;
  /** Asks for a note and forks from the turn that has the focus. */
  readonly fork: () => void;
  /** Asks for a note and forks from the first question. */
  readonly forkFromQuestion: () => void;
  /** Puts files back as they were after the turn that has the focus; the host asks first. */
  readonly restore: () => void;
}

/** Gives the turns of a feed their actions. */
export function createTurnActions(context: Context, feed: HTMLElement): TurnActions {
  const form = createForkForm(context);
  const showContext = (article: HTMLElement) => {
    const { runId } = context.view();
    const turn = turnOf(article);
    if (runId !== null && turn > 0) context.post({ type: 'showPrompt', runId, turn });
  };
  const fork = (article: HTMLElement) => {
    if (canStart(context.view())) form.open(article, turnOf(article));
    else context.announce('Nothing can be started here');
  };
  const restore = (article: HTMLElement) => {
    const view = context.view();
    if (view.runId === null || !canRestore(view)) context.announce('No files of this run can be put back here');
    else context.post({ type: 'restoreFiles', runId: view.runId, to: { kind: 'turn', turn: turnOf(article) } });
  };
  const act = (run: (article: HTMLElement) => void) => () => {
    const article = turnAt(bar);
    if (article) run(article);
  };
  const forkButton = action('repo-forked', 'Fork from here…', 'F', act(fork));
  const bar = h('div', 'turn-actions', { role: 'group' });
  const contextButton = action('eye', 'Context of this turn', 'x', act(showContext));
  const restoreButton = action('discard', 'Restore files to here…', 'R', act(restore));
  bar.append(contextButton, restoreButton, forkButton);

  const goTo = (target: EventTarget | null) => {
    const article = turnAt(target);
    if (!article || bar.parentElement === article) return;
    forkButton.hidden = !canStart(context.view());
    const turn = turnOf(article);
    contextButton.hidden = turn === 0;
    restoreButton.hidden = !canRestore(context.view());
    const label = turn === 0 ? 'Fork from the question…' : 'Fork from here…';
    setAttributes(forkButton, { 'aria-label': label, title: `${label} (F)` });
    setAttributes(bar, { 'aria-label': turn === 0 ? 'Question' : `Turn ${turn}` });
    article.append(bar);
  };
  feed.addEventListener('pointerover', ({ target }) => goTo(target));
  feed.addEventListener('focusin', ({ target }) => goTo(target));
  feed.addEventListener('pointerleave', () => {
    if (!bar.parentElement?.contains(document.activeElement)) bar.remove();
  });
  const atFocus = (run: (article: HTMLElement) => void) => () => {
    const article = turnAt(document.activeElement);
    if (article) run(article);
    else context.announce('Go to a turn first, with j or k');
  };
  const forkFromQuestion = () => {
    const article = turnAt(feed.querySelector(firstQuestion));
    if (article) fork(article);
  };
  return { showContext: atFocus(showContext), fork: atFocus(fork), forkFromQuestion, restore: atFocus(restore) };
}

/** Reached by its key: a stop of Tab in every turn would be in the way. */
function action(name: string, label: string, key: string, run: () => void): HTMLButtonElement {
  const names = { title: `${label} (${key})`, 'aria-label': label, 'aria-keyshortcuts': key };
  return button('icon-button', { tabindex: -1, ...names }, run, icon(name));
}

/** A field for a note, below the turn that is forked from. */
function createForkForm(context: Context) {
  const title = h('p', 'remark');
  const note = textField('Note to the fork', 'Note to the model (optional)');
  const now = { turn: 0, key: '' };
  note.addEventListener('input', () => keepDraft(context, now.key, note.value));
  const close = () => {
    const article = turnAt(form);
    form.remove();
    article?.focus({ preventScroll: true });
  };
  const submit = () => {
    const { runId } = context.view();
    const said = note.value.trim();
    const files = !filesChoice.hidden && thenBox.checked;
    const how = { ...(said && { note: said }), ...(files && { files: 'then' as const }) };
    if (runId !== null) context.post({ type: 'fork', runId, turn: now.turn, ...how });
    context.announce(now.turn === 0 ? 'Forking from the question' : `Forking from turn ${now.turn}`);
    keepDraft(context, now.key, undefined);
    close();
  };
  const actions = h(
    'div',
    'actions',
    {},
    textButton('Fork', submit, { primary: true, keys: '↵' }),
    textButton('Cancel', close, { keys: 'Esc' }),
  );
  const thenBox = h('input', '', { type: 'checkbox' });
  const filesChoice = h('label', 'files-then', {}, thenBox, 'Put the files back as they were then');
  const form = h('div', 'fork-form', { role: 'group', 'aria-label': 'Fork' }, title, note, filesChoice, actions);
  form.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && (event.target === note || event.target === thenBox)) submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    open: (article: HTMLElement, turn: number) => {
      now.turn = turn;
      now.key = `fork ${context.view().runId ?? ''} ${turn}`;
      note.value = context.drafts.get(now.key) ?? '';
      const from = turn === 0 ? 'begins again from the question' : `goes on from behind turn ${turn}`;
      setText(title, `A new run ${from}. This one stays as it is.`);
      thenBox.checked = false;
      filesChoice.hidden = !canRestore(context.view()) || !changedBehind(context.view(), turn);
      (article.querySelector('.column') ?? article).append(form);
      form.scrollIntoView({ block: 'nearest' });
      note.focus();
    },
  };
}

function turnAt(target: EventTarget | null): HTMLElement | undefined {
  const article = target instanceof Element ? target.closest(`article.turn, ${firstQuestion}`) : null;
  return article instanceof HTMLElement ? article : undefined;
}

/** A later question stands behind a turn, which forks. */
const firstQuestion = '.feed > .question:first-child';

/** The turn's number; 0 for the question. */
function turnOf(article: HTMLElement): number {
  return Number(article.dataset['turn'] ?? 0);
}
