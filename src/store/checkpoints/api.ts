/** Checkpoints of one run's workspace: what keeps them while the run lives, and what reads them afterwards. */
import type { CheckpointFact, Checkpoints } from '../../agent/ports.ts';
import type { CheckpointRef, FileChange } from '../../shared/refs.ts';

/** Which files to put back, and where that stands in the run. */
export interface Restoring {
  readonly to: CheckpointRef;
  /** Paths as `FileChange` names them; absent: all. */
  readonly only?: readonly string[];
  /** The newest turn of the run. */
  readonly turn: number;
}

/** Lives as long as its run. */
export interface RunCheckpoints extends Checkpoints {
  /** Puts files back once no call writes, tells the fact through `listen`, and gives it. */
  readonly restore: (restoring: Restoring, signal: AbortSignal) => Promise<CheckpointFact>;
  /** Keeps, as `person`, what was changed by no call; asked for when a person saved files. */
  readonly keepPersons: (paths: readonly string[]) => void;
  readonly dispose: () => Promise<void>;
}

/** Reads what was kept; needs no living run. Throws UserError when it is gone or damaged. */
export interface CheckpointReader {
  /** What is different between two checkpoints, or between one and the files as they are now. */
  readonly changes: (from: CheckpointRef, to: CheckpointRef | 'now') => Promise<readonly FileChange[]>;
  /** A file's bytes as kept; undefined where it was not there. */
  readonly contents: (at: CheckpointRef, path: string) => Promise<Uint8Array | undefined>;
}
