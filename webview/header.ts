/** The header: the question, what the run is doing now, and how full its context is. */
import type { StateDescription } from '../src/shared/describeState.ts';
import { describeState, elapsedMs } from '../src/shared/describeState.ts';
import { formatClock, formatTokens } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context, Part } from './context.ts';
import { postAboutRun } from './context.ts';
import { button, h, setAttributes, setText } from './dom.ts';
import { createMenu } from './menu.ts';
import { iconButton } from './ui.ts';
import type { View } from './view.ts';

export interface Header extends Part {
  /** Redraws what counts by itself: seconds, tokens per second. */
  readonly tick: (view: View, now: number) => void;
}

/** Makes the header. `goToAnswer` and `showKeys` are the menu's. */
export function createHeader(context: Context, goToAnswer: () => void, showKeys: () => void): Header {
  const question = button('asked-question', { 'aria-expanded': 'false' }, () => {
    const open = question.getAttribute('aria-expanded') !== 'true';
    setAttributes(question, { 'aria-expanded': open ? 'true' : 'false' });
  });
  const state = createStateLine();
  const gauge = createGauge();
  const stop = iconButton('debug-stop', 'Stop this run', () => postAboutRun(context, 'stop'));
  const menu = createMenu(context, goToAnswer, showKeys);
  const tools = h('div', 'tools', {}, stop, menu.element);
  const element = h('header', 'header', {}, question, state.element, h('div', 'gauge-row', {}, gauge.element, tools));
  const announced = { stable: '' };

  const tick = (view: View, now: number) => {
    const described = describeState(view.trajectory, view.preview, now);
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
      stop.hidden = !view.live || view.readOnly !== undefined || view.trajectory.state.kind === 'ended';
      gauge.show(view);
      menu.update(view);
    },
  };
}

function createStateLine() {
  const glyph = h('span', 'codicon', { 'aria-hidden': 'true' });
  const turn = h('span', 'turn-count');
  const limit = h('span', 'turn-limit');
  const activity = h('span', 'activity');
  const seconds = h('span', 'seconds');
  const clock = h('span', 'clock', { role: 'timer', 'aria-label': 'Time on this question' });
  const element = h('div', 'state', {}, glyph, turn, limit, activity, seconds, clock);
  return {
    element,
    show: (described: StateDescription, ms: number, view: View) => {
      glyph.className = `codicon codicon-${view.loading ? 'history' : described.icon}`;
      element.dataset['tone'] = view.loading ? 'quiet' : described.tone;
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

/** How much of the context window the newest prompt and reply took. */
function createGauge() {
  const fill = h('div', 'fill');
  const bar = h('div', 'bar', {}, fill);
  const words = h('span', 'gauge-words');
  const element = h('div', 'gauge', { role: 'meter', 'aria-label': 'Context used', 'aria-valuemin': 0 }, bar, words);
  return {
    element,
    show: ({ trajectory: { usage, settings }, loading }: View) => {
      const window = loading ? 0 : (settings?.contextWindow ?? 0);
      const used = usage ? usage.promptTokens + usage.completionTokens : 0;
      const share = window > 0 ? Math.min(1, used / window) : 0;
      element.classList.toggle('unknown', used === 0);
      fill.style.inlineSize = `${(share * 100).toFixed(1)}%`;
      element.dataset['full'] = share > 0.9 ? 'nearly' : 'no';
      const text = window > 0 ? `${formatTokens(used)} of ${formatTokens(window)}` : '';
      setText(words, text);
      setAttributes(element, { 'aria-valuemax': window, 'aria-valuenow': used, 'aria-valuetext': `${text} tokens` });
      element.title = `Context: ${text} tokens`;
    },
  };
}
