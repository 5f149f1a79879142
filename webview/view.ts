/** What the panel knows: a fold of the host's messages. Pure; the DOM is drawn from it. */
import type { Majority, PreviewState, RolloutState, Setup, ToWebview } from '../src/shared/protocol.ts';
import type { Trajectory } from '../src/shared/trajectory.ts';
import { emptyTrajectory, fold, withoutWriter } from '../src/shared/trajectory.ts';

export interface View {
  readonly setup?: Setup;
  readonly runId: string | null;
  readonly live: boolean;
  /** The run pauses, or will before its next step. */
  readonly pausing: boolean;
  readonly readOnly?: string;
  readonly recovered?: string;
  /** Host's clock minus ours, in ms. */
  readonly clockOffsetMs: number;
  /** The log as it is; `trajectory` is what is shown of it. */
  readonly folded: Trajectory;
  readonly trajectory: Trajectory;
  readonly preview?: PreviewState;
  /** There while pages of a log are still to come. */
  readonly loading?: { readonly total?: number };
  /** The newest rollouts that the host told of; they concern the shown run when it is one of them. */
  readonly rollouts?: { readonly all: readonly RolloutState[]; readonly majority?: Majority };
  /** A page did not go on where we were: the rest has to be asked for. */
  readonly gap: boolean;
}

/** What is known before the host says anything. */
export const emptyView: View = {
  runId: null,
  live: false,
  pausing: false,
  clockOffsetMs: 0,
  folded: emptyTrajectory,
  trajectory: emptyTrajectory,
  gap: false,
};

/** Whether the run goes on here and takes a person's word. */
export function canSteer({ live, readOnly, loading, trajectory: { state } }: View): boolean {
  return live && readOnly === undefined && !loading && state.kind !== 'ended' && state.kind !== 'empty';
}

/** Whether a run may be started here. */
export function canStart({ setup }: View): boolean {
  return setup !== undefined && setup.trusted && setup.workspaceOpen;
}

/** The view after one more message; `now` is our own clock. */
export function receive(view: View, message: ToWebview, now: number): View {
  switch (message.type) {
    case 'setup':
      return { ...view, setup: message.setup };
    case 'run':
      return shown(switchRun(view, message, now));
    case 'events':
      return message.runId === view.runId ? shown(addEvents(view, message)) : view;
    case 'preview':
      return message.runId === view.runId ? { ...view, preview: joinPreview(view.preview, message.preview) } : view;
    case 'rollouts': {
      const { rollouts, majority } = message;
      return { ...view, rollouts: { all: rollouts, ...(majority && { majority }) } };
    }
    case 'files':
    case 'refused':
    case 'compose':
    case 'attached':
    case 'editPlan':
    case 'picture':
      return view;
  }
}

function switchRun(view: View, message: ToWebview & { type: 'run' }, now: number): View {
  const { runId, live, pausing = false, readOnly, recovered } = message;
  const { setup, preview, loading, rollouts } = view;
  const same = runId === view.runId;
  return {
    ...(setup && { setup }),
    runId,
    live,
    pausing: live && pausing,
    ...(rollouts && { rollouts }),
    ...(readOnly !== undefined && { readOnly }),
    ...(recovered !== undefined && { recovered }),
    clockOffsetMs: message.now - now,
    folded: same ? view.folded : emptyTrajectory,
    trajectory: view.trajectory,
    ...(same && live && preview && { preview }),
    ...(same && loading && { loading }),
    gap: false,
  };
}

function addEvents(view: View, message: ToWebview & { type: 'events' }): View {
  const { preview, loading: _loading, ...rest } = view;
  let folded = view.folded;
  for (const event of message.events) if (event.seq === folded.count) folded = fold(folded, event);
  const gap = message.from > view.folded.count;
  const loading = message.more ? { ...(message.total !== undefined && { total: message.total }) } : undefined;
  const stale = folded !== view.folded;
  return { ...rest, folded, gap, ...(preview && !stale && { preview }), ...(loading && { loading }) };
}

/** A run that nobody writes shows its open calls as lost. While pages arrive, that would be wrong. */
function shown(view: View): View {
  return { ...view, trajectory: view.live || view.loading ? view.folded : withoutWriter(view.folded) };
}

function joinPreview(before: PreviewState | undefined, next: PreviewState): PreviewState {
  if (next.kind !== 'generating' || !next.append || before?.kind !== 'generating') return next;
  return { ...next, content: before.content + next.content, reasoning: before.reasoning + next.reasoning };
}
