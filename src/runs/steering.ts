/** Steering a live run from outside the loop: what a person says, and pausing. */
import type { Steer, Steering } from '../agent/steering.ts';

/** The loop's port, and the other end of it. */
export interface Wheel {
  readonly port: Steering;
  readonly say: (steer: Steer) => void;
  readonly pause: () => void;
  /** Lets a paused run go on. */
  readonly goOn: () => void;
}

/** A fresh wheel, not paused. Asking for the answer lets a paused run go on as well. */
export function wheel(): Wheel {
  const said: Steer[] = [];
  let listener: ((steer: Steer) => void) | undefined;
  let gate: PromiseWithResolvers<void> | undefined;
  const goOn = () => {
    gate?.resolve();
    gate = undefined;
  };
  return {
    port: {
      listen: (onSteer) => {
        listener = onSteer;
        for (const steer of said.splice(0)) onSteer(steer);
        return () => {
          listener = undefined;
        };
      },
      paused: () => gate !== undefined,
      untilContinued: async (signal) => {
        const aborted = Promise.withResolvers<never>();
        const onAbort = () => aborted.reject(signal.reason);
        signal.throwIfAborted();
        signal.addEventListener('abort', onAbort, { once: true });
        try {
          await Promise.race([gate?.promise, aborted.promise]);
        } finally {
          signal.removeEventListener('abort', onAbort);
        }
      },
    },
    say: (steer) => {
      if (steer.kind === 'answer') goOn();
      if (listener) listener(steer);
      else said.push(steer);
    },
    pause: () => {
      gate ??= Promise.withResolvers();
    },
    goOn,
  };
}
