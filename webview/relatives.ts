/** Runs beside the shown one: the rollouts of its question, and the run that it is a subtask of. */
import type { Majority, RolloutState } from '../src/shared/protocol.ts';
import { countOf } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context, Part } from './context.ts';
import { button, h, icon } from './dom.ts';
import { runLink } from './links.ts';

/** A strip under the question; hidden where there are no others. */
export function createRelatives(context: Context): Part {
  const element = h('nav', 'relatives', { 'aria-label': 'Runs beside this one' });
  const drawn = { key: '', majority: '' };
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
      element.replaceChildren();
      if (caller)
        element.append(h('p', 'remark', {}, 'A subtask. ', runLink(context, caller.runId, 'Open its parent run')));
      if (all.length < 2) return;
      const rows = all.map((rollout) => rolloutButton(context, rollout, rollout.runId === runId));
      const said = majority ? majorityWords(majority) : '';
      element.append(h('div', 'rollouts', {}, h('span', 'remark', {}, 'Rollouts'), ...rows));
      if (said) element.append(h('p', 'remark majority', { title: said }, said));
      if (said && said !== drawn.majority) context.announce(said);
      drawn.majority = said;
    },
  };
}

function majorityWords({ answer, count, of }: Majority): string {
  return `${count} of ${of} say ${showControls(answer)}`;
}

const glyphs = { running: 'circle-filled', answered: 'check', ended: 'circle-slash' } as const;

function rolloutButton(context: Context, rollout: RolloutState, shown: boolean): HTMLElement {
  const { runId, index, state } = rollout;
  const words = rolloutWords(rollout);
  return button(
    `rollout ${state}`,
    {
      title: words,
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
