/** What a person says to a run while it lives, as the loop hears it. */
import type { PlanItem } from '../shared/plan.ts';
import type { Attachment } from '../shared/refs.ts';

/** One word of a person's. `answer`: the answer is wanted now, from what there is; of a plan, new items have the id 0. */
export type Steer =
  | { readonly kind: 'note'; readonly text: string }
  | {
      readonly kind: 'question';
      readonly question: string;
      readonly mentions: readonly string[];
      readonly attachments?: readonly Attachment[];
    }
  | { readonly kind: 'plan'; readonly items: readonly PlanItem[] }
  | { readonly kind: 'tick'; readonly id: number; readonly done: boolean }
  | { readonly kind: 'answer' };

/** The port through which a person steers a run; the loop records what it hears. */
export interface Steering {
  /** Calls back with each word in order, those said before included; gives back how to stop that. */
  readonly listen: (onSteer: (steer: Steer) => void) => () => void;
  /** Whether the run is to pause before its next step. */
  readonly paused: () => boolean;
  /** Resolves when the run may go on. Rejects with the signal's reason when aborted. */
  readonly untilContinued: (signal: AbortSignal) => Promise<void>;
}
