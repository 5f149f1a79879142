/** The header: the question, what the run is doing now, and how full its context is. */
import type { StateDescription } from '../src/shared/describeState.ts';
import { describeState, elapsedMs } from '../src/shared/describeState.ts';
import { formatClock } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context, Part } from './context.ts';
import { postAboutRun } from './context.ts';
import { button, h, icon, setAttributes, setText } from './dom.ts';
import { createGauge } from './gauge.ts';
import type { MenuActions } from './menu.ts';
import { createMenu } from './menu.ts';
import { createRelatives } from './relatives.ts';
import { iconButton } from './ui.ts';
import type { View } from './view.ts';
import { canSteer } from './view.ts';

export interface Header extends Part {
  /** Redraws what counts by itself: seconds, tokens per second. */
  readonly tick: (view: View, now: number) => void;
}

/** Makes the header. `actions` are the menu's. */
export function createHeader(context: Context, actions: MenuActions): Header {
  const question = button('asked-question', { 'aria-expanded': 'false' }, () => {
    const open = question.getAttribute('aria-expanded') !== 'true';
    setAttributes(question, { 'aria-expanded': open ? 'true' : 'false' });
  });
  const files = h('p', 'asked-files');
  const state = createStateLine();
  const gauge = createGauge();
  const stop = iconButton('debug-stop', 'Stop this run', () => postAboutRun(context, 'stop'));
  const pause = createPause(context);
  const menu = createMenu(context, actions);
  const relatives = createRelatives(context);
  const tools = h('div', 'tools', {}, pause.element, stop, menu.element);
  const gaugeRow = h('div', 'gauge-row', {}, gauge.element, tools);
  const element = h('header', 'header', {}, question, files, relatives.element, state.element, gaugeRow);
  const announced = { stable: '' };

  const tick = (view: View, now: number) => {
    const described = describeState(view.trajectory, view.preview, now, view.pausing);
    state.show(described, elapsedMs(view.trajectory, now), view);
    if (view.loading || described.stable === announced.stable) return;
    if (announced.stable !== '') context.announce(described.stable);
    announced.stable = described.stable;
  };
  return {
    element,
    tick,
    update: (view) => {
      element.hidden = view.runId === null;
      const asked = view.trajectory.items.findLast((item) => item.kind === 'question');
      const text = showControls(asked?.question ?? '');
      if (question.textContent !== text) {
        setText(question, text);
        setAttributes(question, { 'aria-label': `Question: ${text.slice(0, 300)}`, title: text.slice(0, 1_000) });
      }
      const paths = [...(asked?.mentions ?? []), ...(asked?.attachments ?? []).map(({ path }) => path)];
      setText(files, paths.length > 0 ? `With ${paths.map(showControls).join(', ')}` : '');
      files.title = files.textContent;
      stop.hidden = !canSteer(view);
      for (const part of [pause, relatives, gauge, menu]) part.update(view);
    },
  };
}

function createStateLine() {
  const glyph = h('span', 'codicon', { 'aria-hidden': 'true' });
  const attempt = h('span', 'attempt-count');
  const turn = h('span', 'turn-count');
  const limit = h('span', 'turn-limit');
  const activity = h('span', 'activity');
  const seconds = h('span', 'seconds');
  const clock = h('span', 'clock', { role: 'timer', 'aria-label': 'Time on this question' });
  const element = h('div', 'state', {}, glyph, attempt, turn, limit, activity, seconds, clock);
  return {
    element,
    show: (described: StateDescription, ms: number, view: View) => {
      glyph.className = `codicon codicon-${view.loading ? 'history' : described.icon}`;
      element.dataset['tone'] = view.loading ? 'quiet' : described.tone;
      setText(attempt, view.loading ? '' : described.attempt);
      setText(turn, view.loading ? '' : described.turn);
      setText(limit, view.loading ? '' : described.turnLimit);
      setText(seconds, view.loading ? '' : described.seconds);
      setText(activity, view.loading ? loadingText(view) : described.activity);
      setText(clock, view.loading || view.trajectory.count === 0 ? '' : formatClock(ms));
    },
  };
}

function loadingText({ folded, loading }: View): string {
  const of = loading?.total === undefined ? '' : ` of ${loading.total}`;
  return `loading the log · ${folded.count}${of} facts`;
}

/** Pauses the run before its next step, or lets it go on. */
function createPause(context: Context): Part {
  const now = { paused: false };
  const element = iconButton('debug-pause', 'Pause before the next step', () =>
    postAboutRun(context, now.paused ? 'goOn' : 'pause'),
  );
  return {
    element,
    update: (view) => {
      element.hidden = !canSteer(view);
      const paused = view.pausing || view.trajectory.state.kind === 'paused';
      if (paused === now.paused) return;
      now.paused = paused;
      const label = paused ? 'Continue' : 'Pause before the next step';
      setAttributes(element, { 'aria-label': label, title: label });
      element.replaceChildren(icon(paused ? 'debug-continue' : 'debug-pause'));
    },
  };
}
