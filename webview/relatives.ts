/** Runs beside the shown one: the rollouts of its question, and the run that it is a subtask of. */
import type { Majority, RolloutState } from '../src/shared/protocol.ts';
import { countOf } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context, Part } from './context.ts';
import { button, h, icon, setAttributes, setText } from './dom.ts';
import { runLink } from './links.ts';

/** A strip under the question; hidden where there are no others. Two lines, until the rest is opened. */
export function createRelatives(context: Context): Part {
  const element = h('nav', 'relatives', { 'aria-label': 'Runs beside this one' });
  const drawn = { key: '', majority: '' };
  const rows = h('div', 'rollouts', {});
  const more = button('rollout more', {}, () => {
    context.opened.set('rollouts', !isOpen(context));
    context.remember();
    fit();
  });
  const fit = (focused = rowAt(document.activeElement)) => {
    fitRows(rows, more, isOpen(context));
    if (focused !== undefined) focusRow(rows, focused);
  };
  new ResizeObserver(() => fit()).observe(element);
  return {
    element,
    update: ({ rollouts, runId, trajectory }) => {
      const all = rollouts?.all.some((rollout) => rollout.runId === runId) ? rollouts.all : [];
      const majority = all.length > 1 ? rollouts?.majority : undefined;
      const caller = trajectory.start?.caller;
      const key = JSON.stringify([runId, all, majority, caller]);
      if (key === drawn.key) return;
      drawn.key = key;
      element.hidden = all.length < 2 && caller === undefined;
      const focused = rowAt(document.activeElement);
      element.replaceChildren();
      if (caller)
        element.append(h('p', 'remark', {}, 'A subtask. ', runLink(context, caller.runId, 'Open its parent run')));
      if (all.length < 2) return;
      const buttons = all.map((rollout) => rolloutButton(context, rollout, rollout.runId === runId));
      const running = all.filter(({ state }) => state === 'running').length;
      const said = majority ? majorityWords(majority, running) : '';
      rows.replaceChildren(h('span', 'remark', {}, 'Rollouts'), ...buttons, more);
      element.append(rows);
      if (said) element.append(h('p', 'remark majority', { title: said }, said));
      fit(focused);
      // What counts while others run is no news yet.
      if (said && running === 0 && said !== drawn.majority) context.announce(said);
      if (running === 0) drawn.majority = said;
    },
  };
}

function isOpen({ opened }: Context): boolean {
  return opened.get('rollouts') === true;
}

/** Which button of the strip that is, so that one made anew gets the focus. */
function rowAt(target: Element | null): string | undefined {
  return target instanceof HTMLElement && target.classList.contains('rollout')
    ? (target.dataset['run'] ?? '')
    : undefined;
}

function focusRow(rows: HTMLElement, wanted: string): void {
  const row = [...rows.querySelectorAll<HTMLElement>('.rollout')].find((candidate) => rowAt(candidate) === wanted);
  if (row && row !== document.activeElement) row.focus({ preventScroll: true });
}

/** Hides what does not fit into two lines, from the end; never the shown run. */
function fitRows(rows: HTMLElement, more: HTMLElement, open: boolean): void {
  const all = [...rows.querySelectorAll<HTMLElement>('.rollout[data-run]')];
  for (const row of all) row.hidden = false;
  more.hidden = true;
  if (linesOf(rows) <= 2) return;
  more.hidden = false;
  const label = (text: string, name: string) => {
    setText(more, text);
    setAttributes(more, { 'aria-expanded': String(open), 'aria-label': name });
  };
  label('Fewer', 'Fewer rollouts');
  if (open) return;
  const last = all.filter((row) => row.getAttribute('aria-current') === null);
  let hidden = 0;
  while (linesOf(rows) > 2) {
    const row = last.pop();
    if (!row) return;
    row.hidden = true;
    label(`+${++hidden}`, countOf(hidden, 'more rollout'));
  }
}

function linesOf(rows: HTMLElement): number {
  const seen = [...rows.children].filter((child) => child instanceof HTMLElement && !child.hidden);
  return new Set(
    seen.map((child) => Math.round((child.getBoundingClientRect().bottom - rows.getBoundingClientRect().top) / 16)),
  ).size;
}

function majorityWords({ answer, count, of }: Majority, running: number): string {
  const share = `${Math.round((100 * count) / of)} %`;
  if (running === 0) return `${count} of ${of}, ${share}, say ${showControls(answer)}`;
  return `${count} of ${of} so far, ${share}, say ${showControls(answer)}; ${running} still ${running === 1 ? 'runs' : 'run'}`;
}

const glyphs = { running: 'circle-filled', answered: 'check', ended: 'circle-slash' } as const;

function rolloutButton(context: Context, rollout: RolloutState, shown: boolean): HTMLElement {
  const { runId, index, state } = rollout;
  const words = rolloutWords(rollout);
  return button(
    `rollout ${state}`,
    {
      title: words,
      'data-run': runId,
      'aria-label': `Rollout ${index}, ${state === 'running' ? 'running, ' : ''}${words}`,
      'aria-current': shown ? 'true' : undefined,
    },
    () => {
      if (!shown) context.post({ type: 'openRun', runId });
    },
    h('span', 'index', {}, String(index)),
    icon(glyphs[state]),
    h('span', 'said', {}, words),
  );
}

function rolloutWords({ state, turns, boxed }: RolloutState): string {
  if (state === 'running') return `turn ${turns}`;
  if (boxed !== undefined) return showControls(boxed);
  return state === 'answered' ? countOf(turns, 'turn') : 'no answer';
}
