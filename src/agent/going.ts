/** A run under way: the world that it has, and what the parts of its loop share. */
import type { Fact, TrajectoryEvent } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { Acting } from './act.ts';
import type { Approval, Checkpoints, Clarification, EventLog, Model, Preview, TokenCounter } from './ports.ts';
import type { Steering } from './steering.ts';
import type { Clock } from './think.ts';
import type { Tool } from './tool.ts';

/** The world as one run sees it. */
export interface Ports {
  readonly model: Model;
  readonly tools: readonly Tool[];
  readonly log: EventLog;
  readonly approval: Approval;
  readonly clarification: Clarification;
  readonly checkpoints: Checkpoints;
  readonly steering: Steering;
  readonly counter: TokenCounter;
  readonly clock: Clock;
  /** How long a server that went away is waited for, in ms. */
  readonly serverWaitMs: number;
  /** Told of every fact once it is on disk and folded. */
  readonly onEvent: (event: TrajectoryEvent, trajectory: Trajectory) => void;
  /** Shown and forgotten. */
  readonly onPreview: (preview: Preview) => void;
  /** A bug: logged with its stack. */
  readonly report: (error: unknown) => void;
}

/** A run under way, as the parts of the loop share it. */
export interface Going {
  readonly ports: Ports;
  readonly acting: Acting;
  readonly trajectory: () => Trajectory;
  /** Appends facts in one write, folds them and tells of them. */
  readonly record: (...facts: readonly Fact[]) => Promise<void>;
  /** Whether a request is under way, so that a note comes too late for its turn. */
  readonly asking: (under: boolean) => void;
}
