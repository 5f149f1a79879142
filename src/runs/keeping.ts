/** The checkpoints of a run that lives, joined to its log: every fact is recorded, whoever writes the log at the moment. */
import { UserError } from '../agent/errors.ts';
import { noCheckpoints, type CheckpointFact, type Checkpoints } from '../agent/ports.ts';
import { restoredNote } from '../agent/restoredNote.ts';
import type { FactOf } from '../shared/events.ts';
import { turnOf } from '../shared/foldCheckpoint.ts';
import type { CheckpointRef } from '../shared/refs.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { RunCheckpoints } from '../store/checkpoints/api.ts';

/** Which files are put back, and to what. */
export interface RestoreWish {
  readonly to: CheckpointRef;
  /** Paths as facts name them; absent: all. */
  readonly only?: readonly string[];
}

/** How long a run that ends waits for what is still being kept, in ms: what is not recorded then, the next checkpoint covers. */
const settleMs = 15_000;
/** The same for a run that is stopped or interrupted: nobody waits for it; what comes later stands behind its end. */
const stoppedMs = 1_000;

/** Lives as long as its run. */
export interface Keeping {
  /** The loop's port. */
  readonly port: Checkpoints;
  /** Puts files back and has the model told. Throws UserError. */
  readonly restore: (wish: RestoreWish, signal: AbortSignal) => Promise<FactOf<'checkpoint.made'>>;
  readonly keepPersons: (paths: readonly string[]) => void;
  /** Waits, within a bound, until all that was asked for is recorded. */
  readonly dispose: () => Promise<void>;
}

/** Where nothing is kept. */
export const nothingKept: Keeping = {
  port: noCheckpoints,
  restore: async () => {
    throw new UserError('This run keeps no checkpoints of the files, so nothing can be put back.');
  },
  keepPersons: () => undefined,
  dispose: async () => undefined,
};

/** What keeping records with: outside of the loop it appends itself. */
export interface Recording {
  readonly trajectory: () => Trajectory;
  readonly append: (fact: CheckpointFact) => Promise<void>;
  /** Whether the run is stopped or interrupted. */
  readonly stopping: () => boolean;
  /** Has the model told: a note behind what it does now. */
  readonly note: (text: string) => Promise<void>;
}

/** Joins what keeps checkpoints to a run. */
export function keeping(kept: RunCheckpoints, { trajectory, append, note, stopping }: Recording): Keeping {
  let loop: ((fact: CheckpointFact) => Promise<void>) | undefined;
  const stop = kept.listen(async (fact) => (loop ?? append)(fact));
  const under = new Set<Promise<unknown>>();
  const settled = async () => within(stopping() ? stoppedMs : settleMs, kept.settled());
  const restore = async ({ to, only }: RestoreWish, signal: AbortSignal) => {
    const { turns } = trajectory();
    const fact = await kept.restore({ to, turn: turns, ...(only && { only }) }, signal);
    if (fact.type === 'checkpoint.failed') throw new UserError(fact.reason);
    const words = restoredNote(fact, turnOf(trajectory(), to, turns));
    if (words !== undefined) await note(words);
    return fact;
  };
  return {
    port: {
      before: kept.before,
      after: kept.after,
      settled,
      listen: (onFact) => {
        loop = onFact;
        return () => {
          loop = undefined;
        };
      },
    },
    restore: (wish, signal) => {
      const restoring = restore(wish, signal);
      under.add(restoring);
      void restoring.catch(() => undefined).then(() => under.delete(restoring));
      return restoring;
    },
    keepPersons: kept.keepPersons,
    dispose: async () => {
      const all = async () => {
        await Promise.allSettled(under);
        await kept.dispose();
      };
      await within(settleMs, all());
      stop();
    },
  };
}

async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
