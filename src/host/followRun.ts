/** A run that another process writes, as it grows. */
import type { TrajectoryEvent } from '../shared/events.ts';
import { followLog } from '../store/followLog.ts';
import { liveHolder } from '../store/lock.ts';

/** How often it is looked whether somebody still writes the run, in ms. */
const lookEveryMs = 2_000;

/** Calls back with every new fact, and once when nobody writes the run any more; until disposed. */
export function followRun(
  folder: string,
  from: { readonly count: number; readonly end: number },
  onEvents: (events: readonly TrajectoryEvent[]) => void,
  onLeft: () => void,
): { dispose: () => void } {
  const log = followLog(folder, from, onEvents);
  const timer = setInterval(() => {
    void liveHolder(folder).then((holder) => {
      if (holder) return;
      clearInterval(timer);
      onLeft();
    });
  }, lookEveryMs);
  return {
    dispose: () => {
      clearInterval(timer);
      log.dispose();
    },
  };
}
