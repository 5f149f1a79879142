/** What the panel shows of a run. */
import type { TrajectoryEvent } from '../shared/events.ts';

/** The run that the panel shows. */
export interface ShownRun {
  readonly runId: string;
  readonly folder: string;
  readonly events: readonly TrajectoryEvent[];
  /** Whether somebody writes it now, here or elsewhere. */
  readonly live: boolean;
  readonly readOnly?: string;
  readonly recovered?: string;
}
