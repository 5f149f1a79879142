/** What a session tells of. */
import type { LiveRun } from '../runs/liveRun.ts';
import type { RolloutResult } from '../runs/rollouts.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';

/** Who is told of changes. */
export interface SessionListener {
  /** Another run is shown, or its state around the log changed. */
  readonly onRun?: () => void;
  /** The shown run has more facts. */
  readonly onEvents?: () => void;
  /** More of the shown run's reply came. */
  readonly onPreview?: () => void;
  /** A run of this window, shown or not, has one more fact. */
  readonly onLiveEvent?: (event: TrajectoryEvent, trajectory: Trajectory) => void;
  /** More of the reply that a run of this window gets came, shown or not. */
  readonly onLivePreview?: (run: LiveRun) => void;
  /** All rollouts of a question have ended. */
  readonly onRollouts?: (result: RolloutResult) => void;
  readonly onStarted?: (run: LiveRun) => void;
  readonly onEnded?: (run: LiveRun) => void;
  /** A log could not be written, or worse: the run stopped where it was. */
  readonly onBroken?: (error: unknown) => void;
}
