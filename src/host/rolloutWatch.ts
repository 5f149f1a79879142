/** The rollouts of the shown run's question: those that go on here as they are now, the others from the list of runs. */
import { groupAnswers } from '../shared/answerGroups.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import type { Majority, RolloutState } from '../shared/protocol.ts';
import { ofFirstQuestion } from '../shared/firstQuestion.ts';
import { foldAll, type Trajectory } from '../shared/trajectory.ts';
import type { RunSummary } from '../store/runs.ts';
import type { Session } from './session.ts';

/** By index; none when the shown run is not one of several. */
export interface ShownRollouts {
  readonly rollouts: readonly RolloutState[];
  readonly majority?: Majority;
}

/** Knows the shown run's group and tells when it changes. */
export interface RolloutWatch {
  readonly current: () => ShownRollouts;
  readonly subscribe: (onChange: () => void) => () => void;
  /** Looks at the list of runs again. */
  readonly refresh: () => void;
  readonly dispose: () => void;
}

/** Where runs of other windows and of the past are found. */
interface RunSource {
  /** The runs that there are. */
  readonly list: () => Promise<readonly RunSummary[]>;
  /** The facts of one. */
  readonly facts: (runId: string) => Promise<readonly TrajectoryEvent[]>;
}

/** Watches from now on. */
export function watchRollouts(session: Session, { list, facts }: RunSource): RolloutWatch {
  const listeners = new Set<() => void>();
  const states = new Map<string, RolloutState>();
  /** The runs of this window: what the list says of them is older. */
  const own = new Set<string>();
  /** What logs said, by run, as long as they are as they were. */
  const known = new Map<string, { readonly changedAt: number; readonly state: RolloutState }>();
  let group: string | undefined;
  const tell = () => {
    for (const onChange of listeners) onChange();
  };
  const load = async () => {
    const wanted = group;
    const runs = wanted === undefined ? [] : await list().catch(() => []);
    if (wanted !== group) return;
    for (const run of runs) {
      const { rollout, runId, changedAt } = run;
      if (!rollout || rollout.group !== wanted || own.has(runId)) continue;
      // A summary tells the answer to the newest question, so the log is read.
      const state = unchanged(run) ?? ofLog(run, rollout.index, await facts(runId).catch(() => []));
      if (wanted !== group) return;
      known.set(runId, { changedAt, state });
      if (!own.has(runId)) states.set(runId, state);
    }
    if (runs.length > 0) tell();
  };
  const unchanged = ({ runId, state, changedAt }: RunSummary) => {
    const before = known.get(runId);
    const same = before?.changedAt === changedAt && (before.state.state === 'running') === (state === 'running');
    return same ? before.state : undefined;
  };
  const onRun = () => {
    const next = originOf(session.shown?.events[0], session.shown?.runId)?.group;
    if (next === group) return;
    group = next;
    states.clear();
    own.clear();
    for (const run of session.live) take(run.trajectory());
    tell();
    void load();
  };
  const take = (trajectory: Trajectory): boolean => {
    const rollout = originOf(trajectory.start, trajectory.runId);
    if (!rollout || rollout.group !== group) return false;
    own.add(trajectory.runId);
    states.set(trajectory.runId, ofTrajectory(trajectory, rollout.index));
    return true;
  };
  const unsubscribe = session.subscribe({
    onRun,
    onLiveEvent: (event, trajectory) => {
      if (event.type === 'run.started' && trajectory.runId === session.shown?.runId) onRun();
      if (changes.has(event.type) && take(trajectory)) tell();
    },
  });
  onRun();
  return {
    current: () => summed([...states.values()]),
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
    refresh: () => void load(),
    dispose: unsubscribe,
  };
}

/** The facts that change what is shown of a rollout. */
const changes: ReadonlySet<TrajectoryEvent['type']> = new Set([
  ...(['run.started', 'run.resumed', 'question.asked', 'model.replied', 'answer.given', 'run.ended'] as const),
]);

/** Which rollout a run is; a fork of one is none. */
function originOf(start: TrajectoryEvent | undefined, runId: string | undefined) {
  return start?.type === 'run.started' && start.runId === runId ? start.rollout : undefined;
}

/** The vote is on the question that all were asked: what one was asked later changes neither its answer nor its state. */
function ofTrajectory({ runId, state, turns, items }: Trajectory, index: number, goesOn?: boolean): RolloutState {
  const first = ofFirstQuestion(items);
  const boxed = first.findLast((item) => item.kind === 'answer')?.boxed;
  const over = first.length < items.length || boxed !== undefined || !(goesOn ?? state.kind !== 'ended');
  return {
    runId,
    index,
    state: !over ? 'running' : boxed === undefined ? 'ended' : 'answered',
    turns,
    ...(boxed !== undefined && { boxed }),
  };
}

/** A log without readable facts has at least its place among the others. */
function ofLog({ runId, state, turns }: RunSummary, index: number, facts: readonly TrajectoryEvent[]): RolloutState {
  return ofTrajectory({ ...foldAll(facts), runId, turns }, index, state === 'running');
}

function summed(states: readonly RolloutState[]): ShownRollouts {
  const rollouts = states.toSorted((a, b) => a.index - b.index);
  const { groups, majority } = groupAnswers(rollouts);
  const of = groups.reduce((sum, { runIds }) => sum + runIds.length, 0);
  return { rollouts, ...(majority && { majority: { answer: majority.answer, count: majority.runIds.length, of } }) };
}
