/** Which run a window that is back may go on with. */
import type { RunSummary } from '../store/runs.ts';

/** A window that is reloaded or opened again is back in less. */
const newMs = 5 * 60_000;

/** The newest run that was interrupted in the last minutes; what another run called goes on with its caller. */
export function newlyInterrupted(runs: readonly RunSummary[], now: number): RunSummary | undefined {
  return runs
    .filter((run) => run.state === 'interrupted' && !run.caller && run.changedAt > now - newMs)
    .toSorted((a, b) => b.changedAt - a.changedAt)[0];
}
