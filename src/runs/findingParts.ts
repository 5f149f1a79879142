/** What finding things out is made from, and what each of its parts is. */
import type { Model } from '../agent/ports.ts';
import type { Tool } from '../agent/tool.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import type { RunSettings } from '../shared/runSettings.ts';
import type { Workspace } from '../tools/workspace.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Lives as long as its run. */
export interface Finding {
  readonly tools: readonly Tool[];
  /** From now on it is this run; its facts include those of the runs that it is a fork of. */
  readonly follow: (runFolder: string, events: () => readonly TrajectoryEvent[]) => void;
  readonly dispose: () => Promise<void>;
}

/** What it is made from. */
export interface FindingParts {
  readonly settings: Pick<RunSettings, 'web' | 'plan'>;
  readonly around: RunSurroundings;
  readonly workspace: Workspace;
  /** The run's own model; helpers that have none of their own ask it. */
  readonly model: Model | undefined;
  /** The address of its server; absent where nobody said. */
  readonly baseUrl?: string | undefined;
  readonly nested: boolean;
  /** The run that a nested run does a subtask for. */
  readonly caller?: { readonly folder: string; readonly events: readonly TrajectoryEvent[] } | undefined;
}
